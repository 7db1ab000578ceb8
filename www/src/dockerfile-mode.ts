// Colours a Dockerfile in the editor: keywords, flags, strings, variables, comments, here-documents.
// Colour only: what the text means is the package's to say. A grammar of CodeMirror's language package
// would do the same for 20 KB more.

import { RangeSetBuilder, type Text } from "@codemirror/state";
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from "@codemirror/view";

/** What a line begins with, of the lines before it. */
interface Mode {
  /** Inside an instruction that a continuation carried over the line end. */
  inside: boolean;
  keyword: string;
  /** Whether the next word of a RUN is the name of a program. */
  command: boolean;
  /** Terminators of the here-documents whose bodies follow. */
  bodies: string[];
}

type Style = "keyword" | "command" | "flag" | "string" | "variable" | "punctuation" | "comment" | "invalid";
type Paint = (from: number, to: number, style: Style) => void;

const START: Mode = { inside: false, keyword: "", command: false, bodies: [] };
const KEYWORDS = new Set(
  ("ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL " +
    "STOPSIGNAL USER VOLUME WORKDIR").split(" "),
);

/** What may stand at a place of an instruction, the first that fits; without a style it is a word. */
const TOKENS: [pattern: RegExp, style: Style | undefined][] = [
  [/\s+/y, undefined],
  [/<<-?(["']?)[\w.-]+\1/y, "punctuation"],
  [/&&|\|\|?|;/y, "punctuation"],
  [/"(?:\\.|[^"\\])*"?|'[^']*'?/y, "string"],
  [/\$(?:\{[^}]*\}|\w+)/y, "variable"],
  [/--?[\w-]+/y, "flag"],
  [/[^\s"'$;&|<\\]+/y, undefined],
  [/[^]/y, undefined],
];

/** Paints a line; answers with what the next one begins with. */
function paintLine(line: string, { inside, keyword, command, bodies }: Mode, paint: Paint): Mode {
  const [terminator, ...others] = bodies;
  if (terminator !== undefined) {
    const ends = line.trim() === terminator;
    paint(0, line.length, ends ? "punctuation" : "string");
    return { inside: false, keyword, command, bodies: ends ? others : bodies };
  }
  if (/^\s*#/.test(line)) {
    paint(0, line.length, "comment");
    return { inside, keyword, command, bodies };
  }
  let at = 0;
  if (!inside) {
    const [start = "", blank = "", word = ""] = /^(\s*)([A-Za-z]+)/.exec(line) ?? [];
    if (word === "") return START;
    keyword = word.toUpperCase();
    command = keyword === "RUN";
    paint(blank.length, start.length, KEYWORDS.has(keyword) ? "keyword" : "invalid");
    at = start.length;
  }
  const end = line.length - (/\\[ \t]*$/.exec(line)?.[0].length ?? 0);
  const opened: string[] = [];
  while (at < end) {
    const [token, style] = next(line, at);
    if (style === "punctuation") {
      const document = /^<<-?["']?([\w.-]+)/.exec(token)?.[1];
      if (document !== undefined) opened.push(document);
      else command = keyword === "RUN";
    }
    const isProgram = style === undefined && command && /^[^\s=]+$/.test(token);
    if (isProgram) command = false;
    const isAs = keyword === "FROM" && /^as$/i.test(token);
    const said = isAs ? "keyword" : isProgram ? "command" : style;
    if (said) paint(at, Math.min(at + token.length, end), said);
    at += token.length;
  }
  if (end < line.length) paint(end, line.length, "punctuation");
  return { inside: end < line.length, keyword, command, bodies: opened };
}

function next(line: string, at: number): [token: string, style: Style | undefined] {
  for (const [pattern, style] of TOKENS) {
    pattern.lastIndex = at;
    const found = pattern.exec(line);
    if (found) return [found[0], style];
  }
  return [line.slice(at), undefined];
}

const STYLES: Record<Style, Decoration> = Object.fromEntries(
  (["keyword", "command", "flag", "string", "variable", "punctuation", "comment", "invalid"] as const).map((style) => [style, Decoration.mark({ class: `tok-${style}` })]),
) as Record<Style, Decoration>;

class Colours {
  decorations: DecorationSet;
  /** What each line begins with, as far down as somebody has looked. */
  private modes: Mode[] = [START];

  constructor(view: EditorView) {
    this.decorations = this.draw(view);
  }

  update({ docChanged, viewportChanged, changes, state, view }: ViewUpdate): void {
    if (docChanged) {
      let first = state.doc.length;
      changes.iterChangedRanges((_, __, from) => (first = Math.min(first, from)));
      this.modes.length = Math.min(this.modes.length, state.doc.lineAt(first).number);
    }
    if (docChanged || viewportChanged) this.decorations = this.draw(view);
  }

  private draw({ state: { doc }, visibleRanges }: EditorView): DecorationSet {
    const builder = new RangeSetBuilder<Decoration>();
    for (const { from, to } of visibleRanges) {
      const last = doc.lineAt(to).number;
      for (let number = doc.lineAt(from).number; number <= last; number++) {
        const line = doc.line(number);
        const mode = this.modeAt(doc, number);
        const after = paintLine(line.text, mode, (start, end, style) => {
          if (start < end) builder.add(line.from + start, line.from + end, STYLES[style]);
        });
        this.modes[number] = after;
      }
    }
    return builder.finish();
  }

  private modeAt(doc: Text, number: number): Mode {
    for (let at = this.modes.length; at < number; at++) this.modes[at] = paintLine(doc.line(at).text, this.modes[at - 1] ?? START, () => undefined);
    return this.modes[number - 1] ?? START;
  }
}

/** The colours of both panes. */
export const dockerfileMode = ViewPlugin.fromClass(Colours, { decorations: ({ decorations }) => decorations });
