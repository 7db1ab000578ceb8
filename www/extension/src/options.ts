// The options page: each choice is kept as it is made.

import { byId, h } from "../../src/element";
import { keep, settings, type Settings } from "./settings";
import { addSite, otherSites, removeSite } from "./other-sites";

const controls = [...document.querySelectorAll<HTMLInputElement>("input[name]")];
const form = byId<HTMLFormElement>("add");
const field = byId<HTMLInputElement>("site");
const status = byId("site-status");

for (const control of controls) {
  control.addEventListener("change", () => {
    const value = control.type === "radio" ? control.value : control.checked;
    void keep({ [control.name]: value });
  });
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void add();
});
void show();

async function show(): Promise<void> {
  const chosen = await settings();
  for (const control of controls) {
    const value = chosen[control.name as keyof Settings];
    control.checked = control.type === "radio" ? value === control.value : value === true;
  }
  await list();
}

async function list(): Promise<void> {
  byId("sites").replaceChildren(...(await otherSites()).map((site) => {
    const remove = async (): Promise<void> => {
      await removeSite(site);
      await list();
      field.focus();
    };
    return h("li", {}, h("code", {}, site), h("button", { type: "button", "aria-label": `Remove ${site}`, onclick: () => void remove() }, "Remove"));
  }));
}

async function add(): Promise<void> {
  try {
    const site = await addSite(field.value);
    status.textContent = site === undefined ? "The browser was not allowed to read that site." : `${site} is read from the next page on.`;
    if (site !== undefined) field.value = "";
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
  }
  await list();
}
