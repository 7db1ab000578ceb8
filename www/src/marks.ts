// What the analysis draws into the editor: underlined issues, a dot beside their first line, a
// strip that says how much each step needs of the copies before it, and the lines that belong
// to the instruction under the cursor. Places follow the text until the next analysis.

import { StateEffect, StateField, type ChangeDesc, type EditorState, type Range } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter, hoverTooltip, type DecorationSet } from "@codemirror/view";
import type { Need, Range as SourceRange, Report, Severity } from "layerwise";
import { h, prose } from "./element";

interface Place {
  from: number;
  to: number;
}
interface Mark extends Place {
  severity: Severity;
  message: string;
  causes: Place[];
}
interface Needing extends Place {
  need: Need;
  copies: Place[];
}
interface Marks {
  issues: Mark[];
  needs: Needing[];
}

const put = StateEffect.define<Marks>();

const marks = StateField.define<Marks>({
  create: () => ({ issues: [], needs: [] }),
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(put)) return effect.value;
    return transaction.docChanged ? moved(value, transaction.changes) : value;
  },
});

/** Draws a report of exactly this text. */
export function showMarks(view: EditorView, report: Report): void {
  const alone = (severity: Severity) => ({ range, message }: { range: SourceRange; message: string }) => ({
    ...place(range),
    severity,
    message,
    causes: [],
  });
  const errors = report.errors.map(alone("error"));
  const notices = report.notices.map(alone("info"));
  const issues = report.issues.map((issue) => ({
    ...place(issue.range),
    severity: issue.severity,
    message: issue.message,
    causes: issue.related.map((related) => place(related.range)),
  }));
  const needs = report.stages
    .flatMap((stage) => stage.steps)
    .filter((step) => step.needs.length > 0)
    .map((step) => ({
      ...place(step.range),
      need: most(step.needs.map((need) => need.need)),
      copies: step.needs.filter((need) => need.need !== "nothing").map((need) => place(need.copy)),
    }));
  view.dispatch({ effects: put.of({ issues: [...errors, ...issues, ...notices], needs }) });
}

function place(range: SourceRange): Place {
  return { from: range.start.offset, to: range.end.offset };
}

function most(needs: Need[]): Need {
  if (needs.includes("everything")) return "everything";
  return needs.includes("paths") ? "paths" : "nothing";
}

function moved(value: Marks, changes: ChangeDesc): Marks {
  const move = <T extends Place>(old: T): T => ({
    ...old,
    from: changes.mapPos(old.from, 1),
    to: Math.max(changes.mapPos(old.from, 1), changes.mapPos(old.to, -1)),
  });
  return {
    issues: value.issues.map((mark) => ({ ...move(mark), causes: mark.causes.map(move) })),
    needs: value.needs.map((need) => ({ ...move(need), copies: need.copies.map(move) })),
  };
}

function decorate(state: EditorState): DecorationSet {
  const { issues, needs } = state.field(marks);
  const head = state.selection.main.head;
  const touches = (item: Place): boolean => item.from <= head && head <= item.to;
  const ranges: Range<Decoration>[] = [];
  for (const mark of issues) {
    // The first line is enough to find it; a long RUN underlined throughout is hard to read.
    const to = Math.min(mark.to, state.doc.lineAt(mark.from).to);
    if (mark.from < to) {
      ranges.push(Decoration.mark({ class: `cm-issue cm-issue-${mark.severity}` }).range(mark.from, to));
    }
  }
  const linked = new Set<number>();
  for (const item of issues) if (touches(item)) item.causes.forEach((cause) => addLines(state, cause, linked));
  for (const item of needs) if (touches(item)) item.copies.forEach((copy) => addLines(state, copy, linked));
  for (const line of linked) ranges.push(Decoration.line({ class: "cm-linked" }).range(line));
  return Decoration.set(ranges, true);
}

function addLines(state: EditorState, item: Place, starts: Set<number>): void {
  const last = state.doc.lineAt(item.to).number;
  for (let line = state.doc.lineAt(item.from).number; line <= last; line++) {
    starts.add(state.doc.line(line).from);
  }
}

class Dot extends GutterMarker {
  constructor(readonly severity: Severity) {
    super();
  }
  override eq(other: Dot): boolean {
    return other.severity === this.severity;
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

const dots = { info: new Dot("info"), warning: new Dot("warning"), error: new Dot("error") };
const strips = {
  nothing: new Strip("nothing"),
  paths: new Strip("paths"),
  everything: new Strip("everything"),
};

const dotGutter = gutter({
  class: "cm-dots",
  lineMarker(view, line) {
    const here = view.state.field(marks).issues.filter(
      (mark) => mark.from >= line.from && mark.from <= line.to,
    );
    const order: Severity[] = ["error", "warning", "info"];
    const worst = order.find((severity) => here.some((mark) => mark.severity === severity));
    return worst ? dots[worst] : null;
  },
  lineMarkerChange: (update) => update.startState.field(marks) !== update.state.field(marks),
});

const stripGutter = gutter({
  class: "cm-strips",
  lineMarker(view, line) {
    const need = view.state.field(marks).needs.find((item) => item.from <= line.to && line.from <= item.to);
    return need ? strips[need.need] : null;
  },
  lineMarkerChange: (update) => update.startState.field(marks) !== update.state.field(marks),
});

const tooltip = hoverTooltip((view, position) => {
  const found = view.state.field(marks).issues.find(
    (mark) => mark.from <= position && position <= mark.to,
  );
  if (!found) return null;
  return {
    pos: found.from,
    end: found.to,
    above: true,
    create: () => ({ dom: h("div", { class: "tip" }, ...prose(found.message)) }),
  };
});

/** Everything above as one extension. */
export const marksExtension = [
  marks,
  EditorView.decorations.compute([marks, "selection", "doc"], decorate),
  dotGutter,
  stripGutter,
  tooltip,
];
