// The pane on the left: the Dockerfile as the visitor writes it.

import { history, undo, undoDepth } from "@codemirror/commands";
import { EditorState, Transaction } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers, placeholder, type KeyBinding, type ViewUpdate } from "@codemirror/view";
import { dockerfileMode } from "./dockerfile-mode";
import { inlineNotes } from "./inline-notes";
import { editingKeys, movingKeys } from "./keys";
import { marksExtension } from "./marks";
import type { TextEdit } from "layerwise";

/** What the editor tells the page. */
export interface EditorEvents {
  changed(text: string, how: Changed): void;
  moved(offset: number): void;
  /** Go to the next issue, or to the one before. */
  next(offset: number, back: boolean): void;
  /** Apply the fix of the issue at an offset. */
  fix(offset: number): void;
  /** Leave the editor. */
  leave(): void;
  /** What is said of an offset. */
  messageAt: Parameters<typeof marksExtension>[0];
}

/** How a text came to be another one. */
export interface Changed {
  /** It came in at once. */
  pasted: boolean;
  /** All of it was replaced by hand: it may be another Dockerfile. */
  replaced: boolean;
  /** There is something to undo. */
  undoable: boolean;
}

/** The editable pane. Tab leaves it, so that the keyboard never gets caught. */
export function createEditor(parent: HTMLElement, text: string, events: EditorEvents): EditorView {
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        dockerfileMode,
        marksExtension(events.messageAt),
        inlineNotes,
        placeholder("Paste a Dockerfile, drop one here with its folder, or choose an example."),
        keymap.of(commands(events)),
        keymap.of([...movingKeys, ...editingKeys]),
        EditorView.contentAttributes.of({
          "aria-labelledby": "source-title",
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: "false",
          tabindex: "0",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) events.changed(update.state.doc.toString(), changed(update));
          if (update.docChanged || update.selectionSet) events.moved(update.state.selection.main.head);
        }),
      ],
    }),
  });
}

function commands(events: EditorEvents): KeyBinding[] {
  const at = (act: (offset: number) => void) => (view: EditorView): boolean => {
    act(view.state.selection.main.head);
    return true;
  };
  return [
    { key: "F8", run: at((offset) => events.next(offset, false)), shift: at((offset) => events.next(offset, true)) },
    { key: "Mod-.", run: at((offset) => events.fix(offset)) },
    { key: "Escape", run: at(() => events.leave()) },
  ];
}

function changed(update: ViewUpdate): Changed {
  const by = (event: string): boolean => update.transactions.some((transaction) => transaction.isUserEvent(event));
  let whole = false;
  update.changes.iterChanges((from, to) => {
    whole ||= from === 0 && to === update.startState.doc.length && to > 0;
  });
  return {
    pasted: by("input.paste"),
    replaced: whole && (by("input") || by("delete")),
    undoable: undoDepth(update.state) > 0,
  };
}

/** Takes the last change back. */
export function takeBack(view: EditorView): void {
  undo(view);
}

/** Makes edits of the text as it is; they can be undone. */
export function edit(view: EditorView, edits: Pick<TextEdit, "range" | "text">[]): void {
  view.dispatch({
    changes: edits.map(({ range, text }) => ({ from: range.start.offset, to: range.end.offset, insert: text })),
  });
}

/** Replaces the whole text; it can be undone. */
export function setText(view: EditorView, text: string): void {
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: text },
    selection: { anchor: 0 },
    // The first text is nothing to go back from.
    annotations: Transaction.addToHistory.of(view.state.doc.length > 0 || undoDepth(view.state) > 0),
  });
}

/** Puts the cursor somewhere without taking the focus. */
export function point(view: EditorView, offset: number): void {
  view.dispatch({ selection: { anchor: Math.min(offset, view.state.doc.length) } });
}

const waiting = new WeakMap<EditorView, IntersectionObserver>();

/**
 * Scrolls a pane to an offset, and only the pane: never the page, as the editor's own would.
 * A pane outside the window does not know its heights yet; it is scrolled when it comes in.
 * What is seen stays where it is; with `fromTop`, what is seen at the top of the text.
 */
export function reveal(view: EditorView, offset: number, fromTop = false): void {
  waiting.get(view)?.disconnect();
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    scrollPane(view, offset, fromTop);
  });
  waiting.set(view, observer);
  observer.observe(view.dom);
}

function scrollPane(view: EditorView, offset: number, fromTop: boolean): void {
  view.requestMeasure({
    read: () => view.lineBlockAt(Math.min(offset, view.state.doc.length)),
    write({ top }) {
      const { clientHeight, scrollTop } = view.scrollDOM;
      const from = fromTop ? 0 : scrollTop;
      const seen = top >= from && top <= from + clientHeight * 0.62;
      view.scrollDOM.scrollTop = seen ? from : top - clientHeight / 3;
    },
  });
}

/** Selects a place, shows it and puts the focus there. */
export function select(view: EditorView, from: number, to: number): void {
  const end = Math.min(to, view.state.doc.length);
  // The head is put at the start, so that a long range shows its first line.
  view.dispatch({
    selection: { anchor: end, head: Math.min(from, end) },
    effects: EditorView.scrollIntoView(Math.min(from, end), { y: "center" }),
  });
  view.focus();
  view.dom.closest(".pane")?.scrollIntoView({ block: "nearest" });
}
