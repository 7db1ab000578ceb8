// What the analysis draws into the editor: underlined issues, a dot beside their first line, a strip that
// says how much each step needs of the copies before it, and the lines that belong to the instruction
// under the cursor. Places follow the text until the next analysis.

import { RangeSet, RangeSetBuilder, StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter, hoverTooltip, type DecorationSet } from "@codemirror/view";
import type { Need, Range, Severity } from "layerwise";
import { h, prose } from "./element";
import { NEEDS, SEVERITIES, type Marks } from "./worker/marks";

interface Drawn {
  lines: DecorationSet;
  dots: RangeSet<GutterMarker>;
  strips: RangeSet<GutterMarker>;
}

const put = StateEffect.define<Marks>();
const link = StateEffect.define<Range[]>();

/** Draws the marks of exactly this text. */
export function showMarks(view: EditorView, marks: Marks): void {
  view.dispatch({ effects: [put.of(marks), link.of([])] });
}

/** Marks the lines that belong to the instruction under the cursor. */
export function showLinked(view: EditorView, places: Range[]): void {
  view.dispatch({ effects: link.of(places) });
}

class Dot extends GutterMarker {
  constructor(readonly severity: Severity) {
    super();
  }
  override toDOM(): Node {
    return h("span", { class: `dot dot-${this.severity}` });
  }
}

class Strip extends GutterMarker {
  override elementClass: string;
  constructor(need: Need) {
    super();
    this.elementClass = `strip strip-${need}`;
  }
}

const underlines = SEVERITIES.map((severity) => Decoration.mark({ class: `cm-issue cm-issue-${severity}` }));
const dots = SEVERITIES.map((severity) => new Dot(severity));
const strips = NEEDS.map((need) => new Strip(need));
const linkedLine = Decoration.line({ class: "cm-linked" });

const none: Drawn = { lines: Decoration.none, dots: RangeSet.empty, strips: RangeSet.empty };

const drawn = StateField.define<Drawn>({
  create: () => none,
  update(value, { effects, docChanged, changes, newDoc }) {
    for (const effect of effects) if (effect.is(put)) return draw(effect.value, newDoc);
    if (!docChanged) return value;
    return { lines: value.lines.map(changes), dots: value.dots.map(changes), strips: value.strips.map(changes) };
  },
  provide: (field) => EditorView.decorations.from(field, ({ lines }) => lines),
});

const linked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, { effects, docChanged, changes, newDoc }) {
    for (const effect of effects) {
      if (!effect.is(link)) continue;
      const starts = new Set<number>();
      for (const { start, end } of effect.value) {
        const last = newDoc.lineAt(Math.min(end.offset, newDoc.length)).number;
        for (let line = newDoc.lineAt(Math.min(start.offset, newDoc.length)).number; line <= last; line++) starts.add(newDoc.line(line).from);
      }
      return Decoration.set([...starts].map((start) => linkedLine.range(start)), true);
    }
    return docChanged ? value.map(changes) : value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

type Doc = EditorView["state"]["doc"];

/** The marks come in the order of their places. */
function draw({ issues, needs }: Marks, doc: Doc): Drawn {
  const lines = new RangeSetBuilder<Decoration>();
  const worst = new Map<number, number>();
  each(issues, (from, to, severity) => {
    const line = doc.lineAt(from);
    // The first line is enough to find it; a long RUN underlined throughout is hard to read.
    const end = Math.min(to, line.to);
    if (from < end) lines.add(from, end, underlines[severity] ?? Decoration.mark({}));
    worst.set(line.from, Math.max(worst.get(line.from) ?? 0, severity));
  });
  const beside = new RangeSetBuilder<GutterMarker>();
  for (const [line, severity] of worst) beside.add(line, line, dots[severity] ?? new Dot("info"));
  const along = new RangeSetBuilder<GutterMarker>();
  let drawnTo = 0;
  each(needs, (from, to, need) => {
    const last = doc.lineAt(to).number;
    for (let line = Math.max(doc.lineAt(from).number, drawnTo + 1); line <= last; line++) along.add(doc.line(line).from, doc.line(line).from, strips[need] ?? new Strip("nothing"));
    drawnTo = Math.max(drawnTo, last);
  });
  return { lines: lines.finish(), dots: beside.finish(), strips: along.finish() };
}

function each(numbers: Int32Array, act: (from: number, to: number, kind: number) => void): void {
  for (let at = 0; at < numbers.length; at += 3) act(numbers[at] ?? 0, numbers[at + 1] ?? 0, numbers[at + 2] ?? 0);
}

/** What is said of an offset, and where that begins and ends. */
type MessageAt = (offset: number) => Promise<{ message: string; range: Range } | undefined>;

/** Everything above as one extension; `messageAt` is asked what to say under the pointer. */
export function marksExtension(messageAt: MessageAt): Extension {
  return [
    drawn,
    linked,
    gutter({ class: "cm-dots", markers: (view) => view.state.field(drawn).dots }),
    gutter({ class: "cm-strips", markers: (view) => view.state.field(drawn).strips }),
    hoverTooltip(async (_, position) => {
      const found = await messageAt(position);
      if (!found) return null;
      return {
        pos: found.range.start.offset,
        end: found.range.end.offset,
        above: true,
        create: () => ({ dom: h("div", { class: "tip" }, ...prose(found.message)) }),
      };
    }),
  ];
}
