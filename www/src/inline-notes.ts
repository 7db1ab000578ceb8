// What is wrong with an instruction, below its last line in the editor, with the way to its fix.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";
import { about } from "layerwise/panel";
import type { Snapshot } from "./analyst";
import { h, prose } from "./element";
import type { ShownFix, ShownIssue } from "./worker/issues";

/** What a click on a note asks of the page. */
export interface NoteEvents {
  apply(fix: number): void;
  explain(issue: ShownIssue): void;
}

const put = StateEffect.define<DecorationSet>();

/** The notes; they follow the text until the next analysis. */
export const inlineNotes = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(notes, transaction) {
    for (const effect of transaction.effects) if (effect.is(put)) return effect.value;
    return transaction.docChanged ? notes.map(transaction.changes) : notes;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Draws the notes of an analysis of exactly this text. */
export function showNotes(view: EditorView, { inline }: Snapshot, events: NoteEvents): void {
  const notes = inline.map(({ issue, fix }) => {
    const end = view.state.doc.lineAt(Math.min(issue.range.end.offset, view.state.doc.length)).to;
    return Decoration.widget({ widget: new Note(issue, fix, events), side: 1, block: true }).range(end);
  });
  view.dispatch({ effects: put.of(Decoration.set(notes, true)) });
}

class Note extends WidgetType {
  constructor(
    readonly issue: ShownIssue,
    readonly fix: ShownFix | undefined,
    readonly events: NoteEvents,
  ) {
    super();
  }

  override eq({ issue, fix }: Note): boolean {
    // Where they look alike, they may still be about another place.
    return JSON.stringify([issue, fix]) === JSON.stringify([this.issue, this.fix]);
  }

  override get estimatedHeight(): number {
    return 26;
  }

  override toDOM(): HTMLElement {
    const { issue, fix, events } = this;
    // The keyboard has keys for both, and the list below.
    const button = (word: string, act: () => void): HTMLElement =>
      h("button", { type: "button", tabindex: "-1", onmousedown: (event) => event.preventDefault(), onclick: act }, word);
    const cost = issue.cost.seconds >= 1 ? ` ${about(issue.cost).replace(/^./, (first) => first.toUpperCase())} again each time.` : "";
    return h(
      "div",
      { class: "inline-note", "data-severity": issue.severity },
      h(
        "p",
        {},
        ...prose(`${issue.message}.`),
        `${cost} `,
        ...(fix === undefined ? [] : [button("Fix", () => events.apply(fix.index)), " "]),
        button("Why", () => events.explain(issue)),
      ),
    );
  }

  override ignoreEvent(): boolean {
    return true;
  }
}
