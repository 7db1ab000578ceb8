// The pane on the right: the rewritten file, by default as a diff against the original.

import { getChunks, originalDocChangeEffect, unifiedMergeView } from "@codemirror/merge";
import { ChangeSet, Compartment, EditorState, Text, type ChangeSpec } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { defaultKeymap } from "@codemirror/commands";
import { dockerfileMode } from "./dockerfile-mode";
import { reveal } from "./editor";
import type { Panel, Snapshot } from "./analysis";

/** The pane and its switch between changes and the bare result. */
export interface Diff extends Panel {
  showChanges(on: boolean): void;
  /** Scrolls the pane to the first change; answers its place in the original. */
  revealChange(): number | undefined;
}

export function createDiff(parent: HTMLElement): Diff {
  let original = Text.empty;
  let changes = true;
  const merge = new Compartment();
  const merging = () =>
    changes
      ? unifiedMergeView({ original, mergeControls: false, gutter: true, highlightChanges: false })
      : [];
  const view = new EditorView({
    parent,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        EditorView.lineWrapping,
        dockerfileMode,
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ "aria-labelledby": "rewrite-title", tabindex: "0" }),
        keymap.of(defaultKeymap),
        merge.of(merging()),
      ],
    }),
  });

  return {
    show({ text, report }: Snapshot) {
      const before = Text.of(text.split("\n"));
      const originalChange = replacement(original.toString(), text);
      const resultChange = replacement(view.state.doc.toString(), report.rewritten);
      if (originalChange && changes) {
        const set = ChangeSet.of(originalChange, original.length);
        original = before;
        view.dispatch({ effects: originalDocChangeEffect(view.state, set) });
      }
      original = before;
      if (resultChange) view.dispatch({ changes: resultChange });
    },
    showChanges(on) {
      changes = on;
      view.dispatch({ effects: merge.reconfigure(merging()) });
    },
    revealChange() {
      const first = getChunks(view.state)?.chunks[0];
      reveal(view, first?.fromB ?? 0);
      return first?.fromA;
    },
  };
}

/** The smallest single replacement that turns one text into another: it keeps the scroll place. */
function replacement(from: string, to: string): ChangeSpec | undefined {
  if (from === to) return undefined;
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from[start] === to[start]) start++;
  let end = 0;
  while (end < most - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end++;
  return { from: start, to: from.length - end, insert: to.slice(start, to.length - end) };
}
