// The page's state as a link: everything after the #, which browsers keep to themselves.
// `#example=name` names an untouched example, `#file=...` holds deflated JSON; `#embed` alone, or with one
// of them behind `&`, shows the page for the inside of another one; `#rules` and `#rule/name` open the manual. What was read from a folder is
// not in it, and a context too long for a link is left out.

import { BUILDERS, noContext, type BuildContext } from "./context";

/** What a link can bring back. */
export type Linked = { example: string } | { dockerfile: string; context: BuildContext };

/** A link that was to bring something back, and cannot. */
export const DAMAGED = "damaged";

/** Longer links get lost in chats and mails. */
const LONGEST = 32_000;
/** A short link must not be able to unpack without end. */
const LARGEST = 4_000_000;

/** The fragment for a state, and whether all of it went in. */
export async function toFragment(
  state: Linked,
): Promise<{ fragment: string; whole: boolean } | undefined> {
  if ("example" in state) {
    return { fragment: `#example=${encodeURIComponent(state.example)}`, whole: true };
  }
  const whole = await pack(state.dockerfile, state.context);
  if (whole.length <= LONGEST) {
    return { fragment: whole, whole: Object.keys(state.context.texts).length === 0 };
  }
  const bare = await pack(state.dockerfile, noContext);
  return bare.length <= LONGEST ? { fragment: bare, whole: false } : undefined;
}

async function pack(dockerfile: string, context: BuildContext): Promise<string> {
  const json = JSON.stringify({
    d: dockerfile,
    f: context.files || undefined,
    p: context.complete ? undefined : 1,
    i: context.dockerignore || undefined,
    m: context.manifests.length > 0 ? context.manifests.map(({ path, text }) => [path, text]) : undefined,
    t: context.target || undefined,
    a: context.args || undefined,
    b: context.builder === noContext.builder ? undefined : context.builder,
    e: context.ephemeral ? 1 : undefined,
  });
  const packed = await through(new TextEncoder().encode(json), new CompressionStream("deflate-raw"));
  return `#file=${toBase64(packed)}`;
}

/** The rule that a fragment leads to, `#rule/NAME`; none in particular for `#rules`. */
export function ruleIn(fragment: string): string | undefined {
  return fragment === "#rules" ? "" : /^#rule\/([\w-]*)/.exec(fragment)?.[1];
}

/** Whether the page is inside another one, and the fragment without the word that says so. */
export function embedding(fragment: string): { isEmbedded: boolean; rest: string } {
  const found = /^#embed(?:&|$)/.exec(fragment);
  return { isEmbedded: found !== null, rest: found ? `#${fragment.slice(found[0].length)}` : fragment };
}

/** What a fragment says; undefined where it is not meant to say anything. */
export async function fromFragment(fragment: string): Promise<Linked | typeof DAMAGED | undefined> {
  const [, key, value] = /^#(example|file)=(.+)$/.exec(fragment) ?? [];
  if (key === undefined || value === undefined) return undefined;
  try {
    if (key === "example") return { example: decodeURIComponent(value) };
    const bytes = await through(fromBase64(value), new DecompressionStream("deflate-raw"));
    return fromJson(JSON.parse(new TextDecoder().decode(bytes))) ?? DAMAGED;
  } catch {
    return DAMAGED;
  }
}

function fromJson(json: unknown): Linked | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { d, f, p, i, m, t, a, b, e } = json as Record<string, unknown>;
  if (typeof d !== "string") return undefined;
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const manifests = Array.isArray(m)
    ? m.filter(Array.isArray).map(([path, body]) => ({ path: text(path), text: text(body) }))
    : [];
  return {
    dockerfile: d,
    context: {
      ...noContext,
      files: text(f), complete: p !== 1, dockerignore: text(i), manifests, target: text(t), args: text(a),
      builder: BUILDERS.find(([builder]) => builder === b)?.[0] ?? noContext.builder,
      ephemeral: e === 1,
    },
  };
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: ReadableWritablePair<Uint8Array, BufferSource>,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST) throw new Error("larger than a link should hold");
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toBase64(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}
