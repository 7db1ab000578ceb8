// What is wrong with an instruction, below its last line in the editor, with the way to its fix.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";
import type { Issue, Report } from "layerwise";
import { about } from "layerwise/panel";
import { h, prose } from "./element";

/** What a click on a note asks of the page. */
export interface NoteEvents {
  apply(issue: Issue): void;
  explain(issue: Issue): void;
}

/** Most notes: a file with more is read in the list. */
const MOST = 40;

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

/** Draws the notes of a report of exactly this text. */
export function showNotes(view: EditorView, { issues, fixes }: Report, events: NoteEvents): void {
  const matter = issues.filter(({ severity }) => severity !== "info").slice(0, MOST);
  const notes = matter.map((issue) => {
    const fix = issue.fix === undefined ? undefined : fixes[issue.fix];
    const end = view.state.doc.lineAt(Math.min(issue.range.end.offset, view.state.doc.length)).to;
    return Decoration.widget({ widget: new Note(issue, fix?.applicability, events), side: 1, block: true }).range(end);
  });
  view.dispatch({ effects: put.of(Decoration.set(notes, true)) });
}

class Note extends WidgetType {
  constructor(
    readonly issue: Issue,
    readonly applicability: string | undefined,
    readonly events: NoteEvents,
  ) {
    super();
  }

  override eq({ issue, applicability }: Note): boolean {
    // Where they look alike, they may still be about another place.
    return issue === this.issue && applicability === this.applicability;
  }

  override get estimatedHeight(): number {
    return 26;
  }

  override toDOM(): HTMLElement {
    const { issue, applicability, events } = this;
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
        ...(applicability === undefined ? [] : [button("Fix", () => events.apply(issue)), " "]),
        button("Why", () => events.explain(issue)),
      ),
    );
  }

  override ignoreEvent(): boolean {
    return true;
  }
}
