// The part of the form that asks how the builder is called: the stage, arguments, the builder itself, and
// what it keeps from one build to the next.

import { BUILDERS, type BuildContext } from "./context";
import { h } from "./element";

/** What is asked for. */
export type BuildSettings = Pick<BuildContext, "target" | "args" | "builder" | "ephemeral">;

/** The fields; `changed` is called at every edit. */
export function createBuildForm(changed: (part: Partial<BuildSettings>) => void): { elements: HTMLElement[]; set(settings: BuildSettings): void } {
  const target = h("input", { type: "text", id: "context-target", placeholder: "the last stage", spellcheck: "false", autocapitalize: "off" });
  target.addEventListener("input", () => changed({ target: target.value }));
  const args = h("textarea", { id: "context-args", placeholder: "VERSION=1.2", rows: "2", spellcheck: "false", autocapitalize: "off", wrap: "off" });
  args.addEventListener("input", () => changed({ args: args.value }));
  const builder = h("select", { id: "context-builder" }, ...BUILDERS.map(([value, words]) => h("option", { value }, words)));
  builder.addEventListener("change", () => changed({ builder: builder.value as BuildContext["builder"] }));
  const ephemeral = h("input", { type: "checkbox", id: "context-ephemeral" });
  ephemeral.addEventListener("change", () => changed({ ephemeral: ephemeral.checked }));
  return {
    elements: [
      h("label", { for: target.id }, "Target stage"),
      target,
      h("label", { for: args.id }, "Build arguments ", h("span", {}, "one ", h("code", {}, "NAME=value"), " a line")),
      args,
      h("label", { for: builder.id }, "Builder"),
      builder,
      h("p", { class: "check" }, ephemeral, h("label", { for: ephemeral.id }, "It keeps no cache mounts between builds, as in hosted CI")),
    ],
    set(settings) {
      target.value = settings.target;
      args.value = settings.args;
      builder.value = settings.builder;
      ephemeral.checked = settings.ephemeral;
    },
  };
}
