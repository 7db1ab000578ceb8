// The pane on the right: the rewritten file, by default as a diff against the original.

import { Change, diff, getChunks, unifiedMergeView } from "@codemirror/merge";
import { Compartment, EditorState, type ChangeSpec } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { defaultKeymap } from "@codemirror/commands";
import { dockerfileMode } from "./dockerfile-mode";
import { reveal, select } from "./editor";
import type { Panel, Snapshot } from "./analysis";
import type { Range, TextEdit } from "layerwise";

/** The pane and its switch between changes and the bare result. */
export interface Diff extends Panel {
  showChanges(on: boolean): void;
  /** Scrolls the pane to the first change; answers its place in the original. */
  revealChange(): number | undefined;
  /** Scrolls the pane to what became of a place in the original. */
  revealPlace(offset: number): void;
  /** Selects a place of the rewritten text. */
  select(range: Range): void;
}

export function createDiff(parent: HTMLElement): Diff {
  let shown: Pick<Snapshot, "text" | "report"> | undefined;
  let changes = true;
  const merge = new Compartment();
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
        merge.of([]),
      ],
    }),
  });

  function compare(): void {
    if (!changes || !shown) return;
    const { text, report } = shown;
    const merging = unifiedMergeView({
      original: text,
      mergeControls: false,
      highlightChanges: false,
      diffConfig: { override: (a, b) => (a === text ? exact(text, report.edits) : diff(a, b)) },
    });
    view.dispatch({ effects: merge.reconfigure(merging) });
  }

  return {
    show(snapshot) {
      const change = replacement(view.state.doc.toString(), snapshot.report.rewritten);
      if (!change && shown?.text === snapshot.text) return;
      shown = snapshot;
      // Off and on again: while on, the merge view goes on from what it compared before.
      view.dispatch({ effects: merge.reconfigure([]) });
      if (change) view.dispatch({ changes: change });
      compare();
    },
    showChanges(on) {
      changes = on;
      view.dispatch({ effects: merge.reconfigure([]) });
      compare();
    },
    revealChange() {
      const first = getChunks(view.state)?.chunks[0];
      reveal(view, first?.fromB ?? 0, true);
      return first?.fromA;
    },
    select: (range) => select(view, range.start.offset, range.end.offset),
    revealPlace(offset) {
      const before = getChunks(view.state)?.chunks.filter((chunk) => chunk.fromA <= offset).at(-1);
      if (!before) reveal(view, offset);
      else reveal(view, offset < before.toA ? before.fromB : offset - before.toA + before.toB);
    },
  };
}

/**
 * The edits as changes: a diff made from the texts alone would show a copy that moved down as
 * steps that moved up. Within an edit, what it leaves as it was is no change.
 */
function exact(text: string, edits: TextEdit[]): Change[] {
  let shift = 0;
  return edits.flatMap(({ range, text: inserted }) => {
    const from = range.start.offset;
    const removed = text.slice(from, range.end.offset);
    const start = from + shift;
    shift += inserted.length - removed.length;
    return diff(removed, inserted).map(
      (part) => new Change(from + part.fromA, from + part.toA, start + part.fromB, start + part.toB),
    );
  });
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
