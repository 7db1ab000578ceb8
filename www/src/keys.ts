// The keys of the editor. CodeMirror's own table brings commands that read the syntax tree of a language, and
// the tree's library with them, 20 KB; its deletion of a letter does as well, since it knows indentation.

import {
  cursorCharLeft, cursorCharRight, cursorDocEnd, cursorDocStart, cursorGroupLeft, cursorGroupRight, cursorLineBoundaryBackward,
  cursorLineBoundaryForward, cursorLineDown, cursorLineUp, cursorPageDown, cursorPageUp,
  deleteGroupBackward, deleteGroupForward, deleteToLineEnd, deleteToLineStart, historyKeymap, insertNewlineKeepIndent, moveLineDown,
  moveLineUp, selectAll, selectCharLeft, selectCharRight, selectDocEnd, selectDocStart, selectGroupLeft, selectGroupRight,
  selectLineBoundaryBackward, selectLineBoundaryForward, selectLineDown, selectLineUp, selectPageDown, selectPageUp,
} from "@codemirror/commands";
import { EditorSelection } from "@codemirror/state";
import type { EditorView, KeyBinding } from "@codemirror/view";

/** Keys that move and select. */
export const movingKeys: KeyBinding[] = [
  { key: "ArrowLeft", run: cursorCharLeft, shift: selectCharLeft, preventDefault: true },
  { key: "ArrowRight", run: cursorCharRight, shift: selectCharRight, preventDefault: true },
  { key: "ArrowUp", run: cursorLineUp, shift: selectLineUp, preventDefault: true },
  { key: "ArrowDown", run: cursorLineDown, shift: selectLineDown, preventDefault: true },
  { key: "Mod-ArrowLeft", mac: "Alt-ArrowLeft", run: cursorGroupLeft, shift: selectGroupLeft, preventDefault: true },
  { key: "Mod-ArrowRight", mac: "Alt-ArrowRight", run: cursorGroupRight, shift: selectGroupRight, preventDefault: true },
  { key: "Home", mac: "Cmd-ArrowLeft", run: cursorLineBoundaryBackward, shift: selectLineBoundaryBackward, preventDefault: true },
  { key: "End", mac: "Cmd-ArrowRight", run: cursorLineBoundaryForward, shift: selectLineBoundaryForward, preventDefault: true },
  { key: "Mod-Home", mac: "Cmd-ArrowUp", run: cursorDocStart, shift: selectDocStart },
  { key: "Mod-End", mac: "Cmd-ArrowDown", run: cursorDocEnd, shift: selectDocEnd },
  { key: "PageUp", run: cursorPageUp, shift: selectPageUp },
  { key: "PageDown", run: cursorPageDown, shift: selectPageDown },
  { key: "Mod-a", run: selectAll },
];

/** Deletes what is selected, and where nothing is, a letter. */
function erase(view: EditorView, isForward: boolean): boolean {
  const { state } = view;
  if (state.readOnly) return false;
  const change = state.changeByRange((range) => {
    const other = range.empty ? view.moveByChar(range, isForward).head : range.anchor;
    const [from, to] = [Math.min(range.head, other), Math.max(range.head, other)];
    return { changes: { from, to }, range: EditorSelection.cursor(from) };
  });
  view.dispatch(state.update(change, { scrollIntoView: true, userEvent: isForward ? "delete.forward" : "delete.backward" }));
  return true;
}
const backward = (view: EditorView): boolean => erase(view, false);
const forward = (view: EditorView): boolean => erase(view, true);

/** Keys that change the text. */
export const editingKeys: KeyBinding[] = [
  ...historyKeymap,
  { key: "Enter", run: insertNewlineKeepIndent, shift: insertNewlineKeepIndent },
  { key: "Backspace", run: backward, shift: backward, preventDefault: true },
  { key: "Delete", run: forward, preventDefault: true },
  { key: "Mod-Backspace", mac: "Alt-Backspace", run: deleteGroupBackward, preventDefault: true },
  { key: "Mod-Delete", mac: "Alt-Delete", run: deleteGroupForward, preventDefault: true },
  { mac: "Mod-Backspace", run: deleteToLineStart, preventDefault: true },
  { mac: "Mod-Delete", run: deleteToLineEnd, preventDefault: true },
  { key: "Alt-ArrowUp", run: moveLineUp },
  { key: "Alt-ArrowDown", run: moveLineDown },
];
