// What continuous integration reads: GitHub's workflow commands, GitLab's code quality, JUnit.

import { findingsOf } from "../findings.js";
import { fromHere } from "../paths.js";
import { shown } from "./excerpt.js";
import { grouped, messageOf } from "./groups.js";
import { json } from "./escaped-json.js";

/** `::warning file=...,line=...::`, one a finding, or for the infos of a rule: of a step GitHub shows
 *  ten notices.
 *  <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands> */
export function githubFormat() {
  const levels = { error: "error", warning: "warning", info: "notice" };
  // The runner takes `##[group]` for a command wherever it stands.
  const escaped = (text) => shown(text).replaceAll("%", "%25").replaceAll("##[", "# #[");
  const property = (text) => escaped(String(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const command = (group) => {
    const [{ rule, severity, help, file, start, end }] = group;
    const place = { file, line: start.line, endLine: end.line, col: start.column, endColumn: end.column, title: rule };
    // Columns are for places within one line.
    if (end.line !== start.line) delete place.col, delete place.endColumn;
    const properties = Object.entries(place).map(([name, value]) => `${name}=${property(value)}`);
    const message = messageOf(group);
    const text = help === "" ? message : `${message}. ${help}`;
    return `::${levels[severity]} ${properties.join(",")}::${escaped(text)}\n`;
  };
  return { dockerfile: (builds) => grouped(findingsOf(builds)).map(command).join(""), end: () => "" };
}

/** <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format> */
export function gitlabFormat() {
  const levels = { error: "critical", warning: "major", info: "info" };
  const found = [];
  return {
    dockerfile(builds) {
      found.push(...findingsOf(builds).map(({ rule, severity, message, fingerprint, file, start, end }) => ({
        description: message,
        check_name: rule,
        fingerprint,
        severity: levels[severity],
        location: { path: file, lines: { begin: start.line, end: end.line } },
      })));
      return "";
    },
    end: () => `${json(found, 2)}\n`,
  };
}

/** A suite a Dockerfile, and a case a finding, or one that passed.
 *  <https://github.com/testmoapp/junitxml> */
export function junitFormat() {
  const suites = [];
  let tests = 0;
  let failures = 0;
  return {
    dockerfile(builds) {
      const found = findingsOf(builds);
      const name = shown(fromHere(builds[0].input.name));
      const cases = found.map((finding) => failed(finding, name));
      if (found.length === 0) cases.push(`    <testcase name="layerwise" classname=${quoted(name)}/>\n`);
      tests += cases.length;
      failures += found.length;
      const counts = `tests="${cases.length}" failures="${found.length}"`;
      suites.push(`  <testsuite name=${quoted(name)} ${counts}>\n${cases.join("")}  </testsuite>\n`);
      return "";
    },
    end: () => '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<testsuites name="layerwise" tests="${tests}" failures="${failures}">\n${suites.join("")}</testsuites>\n`,
  };
}

function failed({ rule, severity, message, why, help, file, start }, name) {
  const text = [`${shown(file)}:${start.line}:${start.column}`, why, help].filter((part) => part !== "").join("\n");
  return (
    `    <testcase name=${quoted(`${rule} (line ${start.line})`)} classname=${quoted(name)}>\n` +
    `      <failure type=${quoted(severity)} message=${quoted(shown(message))}>${xml(text)}</failure>\n` +
    "    </testcase>\n"
  );
}

function quoted(text) {
  return `"${xml(text)}"`;
}

// XML knows no controls at all, nor halves of characters.
function xml(text) {
  const known = text.split("\n").map(shown).join("\n").replace(/[\ufffe\uffff]/g, "\ufffd").toWellFormed();
  return known.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
