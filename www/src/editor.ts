// The pane on the left: the Dockerfile as the visitor writes it.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { dockerfileMode } from "./dockerfile-mode";
import { marksExtension } from "./marks";

/** What the editor tells the page. */
export interface EditorEvents {
  changed(text: string): void;
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
          if (update.docChanged) events.changed(update.state.doc.toString());
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
    scrollIntoView: true,
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
 */
export function reveal(view: EditorView, offset: number): void {
  waiting.get(view)?.disconnect();
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    scrollPane(view, offset);
  });
  waiting.set(view, observer);
  observer.observe(view.dom);
}

function scrollPane(view: EditorView, offset: number): void {
  view.requestMeasure({
    read: () => view.lineBlockAt(Math.min(offset, view.state.doc.length)),
    write({ top, bottom }) {
      const { clientHeight } = view.scrollDOM;
      const low = bottom > clientHeight * 0.7;
      view.scrollDOM.scrollTop = low ? top - clientHeight / 3 : 0;
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
