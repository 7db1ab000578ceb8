// Writes the table of README.md: what the tests of the last run saw.

import { readFileSync, writeFileSync } from "node:fs";

const README = new URL("../../README.md", import.meta.url);
const [BEGIN, END] = ["<!-- Written by `cargo xtask runtimes`. -->\n", "<!-- The end of what it writes. -->\n"];

const rows = new Map();
for (const line of readFileSync(process.env.RUNTIMES, "utf8").split("\n").slice(0, -1)) {
  const { tool, version, how } = JSON.parse(line);
  const name = `${tool} ${version}`;
  rows.set(name, [...(rows.get(name) ?? []), how]);
}
const sorted = [...rows].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
const table = ["| with | works |", "|---|---|", ...sorted.map(([name, uses]) => `| ${name} | ${uses.join("; ")} |`)].join("\n");

const text = readFileSync(README, "utf8");
const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
if (from < 0 || to < from) throw new Error("README.md has not the two comments between which the table stands");
writeFileSync(README, `${text.slice(0, from + BEGIN.length)}\n${table}\n\n${text.slice(to)}`);
