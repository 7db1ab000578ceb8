import type { Cost, Report, RuleInfo } from "./index.js";

/**
 * An element, where the types of the DOM are there.
 */
type PageElement = typeof globalThis extends { HTMLElement: { prototype: infer Known } } ? Known : object;

/**
 * A shadow root, where the types of the DOM are there.
 */
type PageRoot = typeof globalThis extends { ShadowRoot: { prototype: infer Known } } ? Known : object;

/**
 * What a report comes to in one sentence.
 */
export interface Headline {
    /**
     * The sentence, such as "An edit rebuilds 31 s. Rewritten: under 1 s."
     */
    text: string;
    /**
     * What changes, where the rewrite gains something: "An edit".
     */
    subject?: string;
    /**
     * How long rebuilding takes then.
     */
    before?: string;
    /**
     * And how long when rewritten.
     */
    after?: string;
    /**
     * The difference, such as "31 s lost per edit".
     */
    lost?: string;
    /**
     * Whether the times were measured; else they are estimates, which only compare.
     */
    measured: boolean;
}

/**
 * An issue as it is shown: those that share a fix, and notes of one rule, are one entry.
 */
export interface OverviewEntry {
    /**
     * How much it matters.
     */
    severity: "info" | "warning" | "error";
    /**
     * The lines it speaks of, the first of them.
     */
    lines: number[];
    /**
     * How many more there are.
     */
    moreLines?: number;
    /**
     * What is wrong, names in backticks, as in all sentences here.
     */
    message: string;
    /**
     * Why that costs.
     */
    why?: string;
    /**
     * What to do.
     */
    help: string;
    /**
     * What runs again, and how long that takes.
     */
    price?: string;
    /**
     * The rule; errors of BuildKit have none.
     */
    rule?: string;
    /**
     * The address of the rule's page, where rules were given.
     */
    page?: string;
    /**
     * Why there is no fix.
     */
    refusal?: string;
    /**
     * The fix.
     */
    fix?: { title: string; applicability: "safe" | "assumed" | "suggested"; assumptions: string[]; dockerignore: string[] };
}

/**
 * What is shown of a report beside a file: plain data, small enough for a message from a worker,
 * however long the file is.
 */
export interface Overview {
    /**
     * The name of the file.
     */
    name: string;
    /**
     * What it comes to.
     */
    headline: Headline;
    /**
     * The same where there is little room: `lost` what could be saved, `kept` nothing to do, `note`
     * something to know, `bad` a file that does not build.
     */
    badge: { text: string; tone: "lost" | "kept" | "note" | "bad" };
    /**
     * The issues, the costliest first.
     */
    entries: OverviewEntry[];
    /**
     * How many more there are.
     */
    more: number;
    /**
     * The rewritten text.
     */
    rewritten: string;
    /**
     * What was rewritten, as a patch; empty where nothing was.
     */
    patch: string;
}

/**
 * What goes with an overview.
 */
export interface OverviewOptions {
    /**
     * The text that was analysed.
     */
    text: string;
    /**
     * What it is called; "Dockerfile" by default.
     */
    name?: string;
    /**
     * What `rules()` answers: for the titles of notes, and the addresses of rules.
     */
    rules?: RuleInfo[];
    /**
     * The address before those of the rules; that of the manual in the repository by default.
     */
    manual?: string;
}

/**
 * A button or a link of a panel.
 */
export interface PanelAction {
    /**
     * What it is called.
     */
    label: string;
    /**
     * Where it leads, in a new tab.
     */
    href?: string;
    /**
     * What it does in place of that; `answer` shows a word for a moment.
     */
    run?: (answer: (word: string) => void) => void;
}

/**
 * What a panel does, and says beside the overview.
 */
export interface PanelOptions {
    /**
     * Shows a line of the file: numbers of lines are buttons then.
     */
    openLine?: (line: number) => void;
    /**
     * More buttons and links.
     */
    actions?: PanelAction[];
    /**
     * Sentences, such as what is not known of the project.
     */
    notes?: string[];
}

/**
 * A time as people say it, such as "31 s" or "under 1 s": estimates are rounded, since they only compare.
 */
export function duration(cost: Cost): string;

/**
 * The same with a word that says when it is an estimate: "about 31 s".
 */
export function about(cost: Cost): string;

/**
 * Whether two times say the same: estimates this close differ by a copy or a step.
 */
export function alike(one: Cost, other: Cost): boolean;

/**
 * What a report comes to in one sentence.
 */
export function headlineOf(report: Report): Headline;

/**
 * What is shown of a report.
 */
export function overviewOf(report: Report, options: OverviewOptions): Overview;

/**
 * It as an element, in a page, for a shadow root that has `STYLE`. Nothing in a Dockerfile becomes
 * markup.
 */
export function panelOf(overview: Overview, options?: PanelOptions): PageElement;

/**
 * Where the manual is: the address before those of the rules.
 */
export const MANUAL: string;

/**
 * The style of a panel. `data-theme` ("light" or "dark") and `data-contrast="more"` of the root's host go
 * before what the system prefers.
 */
export const STYLE: string;

/**
 * Puts a style into a shadow root, also under a policy that forbids inline styles.
 */
export function styled(root: PageRoot, style: string): void;

export {};
