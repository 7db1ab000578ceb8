import type { Report } from "./index.js";

/**
 * A report and the file it is of.
 */
export interface ReportOf {
    /**
     * The path of the Dockerfile, as it is to be told; "Dockerfile" by default.
     */
    dockerfile?: string;
    /**
     * What `analyze` found.
     */
    report: Report;
}

/**
 * What a comment says beside a report.
 */
export interface MarkdownOptions {
    /**
     * The path of the Dockerfile; "Dockerfile" by default.
     */
    dockerfile?: string;
    /**
     * The text that was analysed; the change is shown only where it is given.
     */
    text?: string;
    /**
     * The text of `.dockerignore`, empty where there is none; what the report would add to it is
     * shown only where it is given.
     */
    dockerignore?: string;
    /**
     * The directory of the build context.
     */
    context?: string;
    /**
     * The stage that is built.
     */
    target?: string;
}

/**
 * A place between two characters: lines and UTF-16 units, both counted from 0.
 */
export interface LspPosition {
    /**
     * The line.
     */
    line: number;
    /**
     * The place in it.
     */
    character: number;
}

/**
 * A range as the Language Server Protocol has it.
 */
export interface LspRange {
    /**
     * Its first place.
     */
    start: LspPosition;
    /**
     * The place behind it.
     */
    end: LspPosition;
}

/**
 * A `Diagnostic` of the Language Server Protocol.
 */
export interface LspDiagnostic {
    /**
     * Where.
     */
    range: LspRange;
    /**
     * 1 for errors, 2 for warnings, 3 for infos.
     */
    severity: 1 | 2 | 3;
    /**
     * The id of the rule, or `syntax-error`.
     */
    code: string;
    /**
     * The rule's page.
     */
    codeDescription?: { href: string };
    /**
     * "layerwise".
     */
    source: string;
    /**
     * What is wrong, why, what to do, and what the fix assumes.
     */
    message: string;
    /**
     * Other places, the cause first.
     */
    relatedInformation: { location: { uri: string; range: LspRange }; message: string }[];
}

/**
 * A `TextEdit` of the Language Server Protocol.
 */
export interface LspTextEdit {
    /**
     * What is replaced.
     */
    range: LspRange;
    /**
     * What stands there afterwards.
     */
    newText: string;
}

/**
 * A `CodeAction` of the Language Server Protocol.
 */
export interface LspCodeAction {
    /**
     * What it does, how far it can be trusted, and what it saves.
     */
    title: string;
    /**
     * `quickfix` for one fix, `source.fixAll.layerwise` for all safe ones.
     */
    kind: string;
    /**
     * What it takes away.
     */
    diagnostics: LspDiagnostic[];
    /**
     * Whether it is safe, and so the one to take.
     */
    isPreferred?: boolean;
    /**
     * The change.
     */
    edit: LspWorkspaceEdit;
}

/**
 * A `WorkspaceEdit` of the Language Server Protocol.
 */
export interface LspWorkspaceEdit {
    /**
     * Edits by document.
     */
    changes?: Record<string, LspTextEdit[]>;
    /**
     * In place of it, where the version of the document is given.
     */
    documentChanges?: { textDocument: { uri: string; version: number }; edits: LspTextEdit[] }[];
}

/**
 * A document of an editor.
 */
export interface LspDocument {
    /**
     * Its address.
     */
    uri: string;
    /**
     * Its version, where edits shall not go into another.
     */
    version?: number;
}

/**
 * What an editor shows.
 */
export interface LspReport {
    /**
     * What was found.
     */
    diagnostics: LspDiagnostic[];
    /**
     * What can be done about it.
     */
    codeActions: LspCodeAction[];
}

/**
 * The report as a section of a comment on a pull request, as GitHub and GitLab show it: what changes
 * rebuild, the issues, the suggested change. Empty where there is nothing to say.
 */
export function toMarkdown(report: Report, options?: MarkdownOptions): string;

/**
 * The reports as one log of SARIF 2.1.0, with rules, and fixes as replacements.
 */
export function toSarif(reports: ReportOf[]): object;

/**
 * What an editor shows of a report: diagnostics, and a code action for each fix and for all safe
 * ones.
 */
export function toLsp(report: Report, document: LspDocument): LspReport;

/**
 * The difference of two texts in the unified format, which `patch` and `git apply` take; empty where
 * there is none. `from` and `to` are the names of the files: "a" and "b" by default.
 */
export function unifiedDiff(before: string, after: string, names?: { from?: string; to?: string }): string;
