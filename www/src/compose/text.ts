// Which texts are compose files; what they say takes a reader of YAML, which is loaded for them.

/** Whether a text may be a compose file that builds something. */
export function isCompose(text: string): boolean {
  return /^services\s*:/m.test(text) && /\bbuild["']?\s*:/.test(text);
}

/** The names that Compose takes by itself, the preferred ones first. */
export const NAMES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
