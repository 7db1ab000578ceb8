// The pane on the left: the Dockerfile as the visitor writes it.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { dockerfileMode } from "./dockerfile-mode";
import { marksExtension } from "./marks";

/** What the editor tells the page. */
export interface EditorEvents {
  /** `pasted` when the text came in at once. */
  changed(text: string, pasted: boolean): void;
  moved(offset: number): void;
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
        marksExtension,
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({
          "aria-labelledby": "source-title",
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: "false",
          tabindex: "0",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            const pasted = update.transactions.some((transaction) => transaction.isUserEvent("input.paste"));
            events.changed(update.state.doc.toString(), pasted);
          }
          if (update.docChanged || update.selectionSet) events.moved(update.state.selection.main.head);
        }),
      ],
    }),
  });
}

/** Replaces the whole text; it can be undone. */
export function setText(view: EditorView, text: string): void {
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: text },
    selection: { anchor: 0 },
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
