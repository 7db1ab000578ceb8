// The popup: what is found of the Dockerfile that the tab shows, and a box to paste one into.

import { panelOf, STYLE, styled } from "layerwise/panel";
import { byId, h } from "../../src/element";
import { ask, type Answer, type Current, type Found } from "./messages";

/** Typing pauses shorter than this start no analysis, in milliseconds. */
const PAUSE = 150;

const field = byId<HTMLTextAreaElement>("paste");
const status = byId("status");
let timer = 0;
/** Which text was asked about last: an answer about another comes too late. */
let asked = 0;

field.addEventListener("input", () => {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void analyse(), PAUSE);
});
void showCurrent();

async function analyse(): Promise<void> {
  const text = field.value;
  const number = ++asked;
  const answer: Answer | undefined = text.trim() === "" ? undefined : await ask({ kind: "analyse", text, path: "Dockerfile" });
  if (number !== asked) return;
  status.textContent = "";
  byId("pasted").replaceChildren();
  if (answer && "problem" in answer) status.textContent = `The analysis failed: ${answer.problem}`;
  else if (answer) byId("pasted").append(panel(answer));
}

async function showCurrent(): Promise<void> {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  const found = tab?.id === undefined ? undefined : await foundIn(tab.id);
  if (!found) {
    field.focus();
    return;
  }
  const section = byId("current");
  section.hidden = false;
  section.append(panel(found));
}

/** Pages that we have no part in do not answer. */
async function foundIn(tab: number): Promise<Found | undefined> {
  try {
    return await chrome.tabs.sendMessage<Current, Found | undefined>(tab, { kind: "current" });
  } catch {
    return undefined;
  }
}

function panel({ overview, notes, demo }: Found): HTMLElement {
  const host = h("div");
  const root = host.attachShadow({ mode: "open" });
  root.append(panelOf(overview, { notes, actions: demo === undefined ? [] : [{ label: "Open in the demo", href: demo }] }));
  styled(root, STYLE);
  return host;
}
