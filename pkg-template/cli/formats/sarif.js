// SARIF 2.1.0, for code scanning. <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

import { rules } from "layerwise";
import { rulePage } from "../explain.js";
import { findingsOf, placeOf } from "../findings.js";
import { fromHere } from "../paths.js";
import { SYNTAX_ERROR } from "../syntax-error.js";
import { version } from "../version.js";
import { json } from "./escaped-json.js";
import { conditionsOf, fixLine } from "./scenarios.js";

const LEVELS = { error: "error", warning: "warning", info: "note" };
const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** One run, with the pages of its rules, fixes as replacements, and fingerprints. */
export function sarifFormat() {
  const log = sarifLog();
  return {
    dockerfile(builds) {
      log.add(builds);
      return "";
    },
    end: () => `${json(log.end(), 2)}\n`,
  };
}

/** A log to which the builds of one Dockerfile after another are added. */
export function sarifLog() {
  const described = [...rules().map(describedRule), {
    id: SYNTAX_ERROR,
    shortDescription: { text: "BuildKit refuses the file" },
    defaultConfiguration: { level: "error" },
  }];
  const index = new Map(described.map(({ id }, at) => [id, at]));
  const results = [];
  return {
    add(builds) {
      results.push(...findingsOf(builds).map((finding) => resultOf(finding, builds[0].input, index)));
    },
    end: () => ({
      $schema: SCHEMA,
      version: "2.1.0",
      runs: [{
        tool: { driver: { name: "layerwise", semanticVersion: version, rules: described } },
        columnKind: "utf16CodeUnits",
        results,
      }],
    }),
  };
}

function describedRule({ id, title, level, url }) {
  const page = rulePage(id);
  return {
    id,
    shortDescription: { text: title },
    helpUri: url,
    ...(page !== undefined && { help: { text: page, markdown: page } }),
    defaultConfiguration: { level: LEVELS[level] },
  };
}

function resultOf(finding, input, index) {
  const { rule, severity, message, why, help, related, fix, fingerprint } = finding;
  return {
    ruleId: rule,
    ruleIndex: index.get(rule),
    level: LEVELS[severity],
    message: { text: [message, why, help].filter((part) => part !== "").join("\n") },
    locations: [{ physicalLocation: location(finding) }],
    ...(related.length > 0 && {
      relatedLocations: related.map(({ range, message }, id) => ({
        id, message: { text: message }, physicalLocation: location(placeOf(input, range)),
      })),
    }),
    ...(fingerprint !== undefined && { partialFingerprints: { "layerwise/v1": fingerprint } }),
    // Edits of a Dockerfile in another file are not edits of that file.
    ...(fix !== undefined && input.at === undefined && { fixes: [fixOf(fix, input)] }),
  };
}

function fixOf(fix, { name }) {
  const text = [fixLine(fix), ...conditionsOf(fix).map(([word, one]) => (word === "if" ? one : `${word}: ${one}`))].join("\n");
  const replacements = fix.edits.map(({ range, text: inserted }) => ({
    deletedRegion: region(range),
    insertedContent: { text: inserted },
  }));
  return { description: { text }, artifactChanges: [{ artifactLocation: artifact(fromHere(name)), replacements }] };
}

function location({ file, start, end }) {
  return { artifactLocation: artifact(file), region: region({ start, end }) };
}

function artifact(path) {
  return { uri: path.toWellFormed().split("/").map(encodeURIComponent).join("/") };
}

function region({ start, end }) {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}
