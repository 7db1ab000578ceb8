// The pane on the right: the rewritten file, by default with what became of the lines of the original.

import { Compartment, EditorState, RangeSetBuilder, type ChangeSpec, type Extension, type Text } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, keymap, lineNumbers } from "@codemirror/view";
import { dockerfileMode } from "./dockerfile-mode";
import { reveal, select } from "./editor";
import { h } from "./element";
import { movingKeys } from "./keys";
import { whereSeen, type Panel } from "./panel";
import type { Snapshot } from "./analyst";
import type { LineChange } from "./worker/changed-lines";
import type { Range } from "layerwise";
import { count } from "./words";

/** The pane and its switch between changes and the bare result. */
export interface Diff extends Panel {
  showChanges(on: boolean): void;
  /** Scrolls the pane to the first change; answers its line in the original. */
  revealChange(): number | undefined;
  /** Scrolls the pane to what became of a line of the original. */
  revealLine(line: number): void;
  /** Selects a place of the rewritten text. */
  select(range: Range): void;
}

export function createDiff(parent: HTMLElement): Diff {
  let changes: LineChange[] = [];
  let isShown = true;
  const drawn = new Compartment();
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
        keymap.of(movingKeys),
        drawn.of([]),
      ],
    }),
  });

  function draw(change?: ChangeSpec): void {
    const next = change ? view.state.changes(change).apply(view.state.doc) : view.state.doc;
    view.dispatch({ ...(change ? { changes: change } : {}), effects: drawn.reconfigure(isShown ? drawing(changes, next) : []) });
  }

  const panel = whereSeen(
    parent,
    ({ rewritten, changes }: Snapshot) => ({ rewritten, changes }),
    (next) => {
      changes = next.changes;
      draw(replacement(view.state.doc.toString(), next.rewritten));
    },
  );
  const lineStart = (line: number): number => view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines))).from;

  return {
    show: (snapshot) => panel.show(snapshot),
    showChanges(on) {
      isShown = on;
      draw();
    },
    revealChange() {
      panel.now();
      reveal(view, lineStart(changes[0]?.after ?? 1), true);
      return changes[0]?.before;
    },
    select: (range) => select(view, range.start.offset, range.end.offset),
    revealLine(line) {
      const last = changes.filter(({ before }) => before <= line).at(-1);
      const behind = last ? line - last.before - last.removed.length : 0;
      reveal(view, lineStart(last ? last.after + (behind < 0 ? 0 : last.added + behind) : line));
    },
  };
}

const added = Decoration.line({ class: "cm-changedLine" });

/** What is added is coloured, and what was removed stands where it was. */
function drawing(changes: LineChange[], doc: Text): Extension {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { after, removed, added: lines } of changes) {
    // Behind the last line, where that is what was removed.
    const isEnd = after > doc.lines;
    const start = doc.line(Math.min(after, doc.lines));
    const place = isEnd ? start.to : start.from;
    if (removed.length > 0) builder.add(place, place, Decoration.widget({ widget: new Removed(removed), block: true, side: isEnd ? 1 : -1 }));
    for (let line = after; line < after + lines && line <= doc.lines; line++) builder.add(doc.line(line).from, doc.line(line).from, added);
  }
  return EditorView.decorations.of(builder.finish());
}

/** Most removed lines that stand in one place. */
const MOST = 60;

class Removed extends WidgetType {
  constructor(readonly lines: string[]) {
    super();
  }

  override eq({ lines }: Removed): boolean {
    return lines.join("\n") === this.lines.join("\n");
  }

  override get estimatedHeight(): number {
    return Math.min(this.lines.length, MOST) * 21;
  }

  override toDOM(): HTMLElement {
    const shown = this.lines.slice(0, MOST).map((line) => h("div", { class: "cm-deletedLine" }, h("del", {}, line)));
    const more = this.lines.length - MOST;
    return h("div", { class: "cm-deletedChunk" }, ...shown, ...(more > 0 ? [h("div", { class: "cm-deletedLine" }, `and ${count(more, "more line")}`)] : []));
  }
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
