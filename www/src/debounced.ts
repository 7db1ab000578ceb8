// An action that waits for a pause.

/** Puts an action off until calls pause; `now` does it at once instead. `changed` hears when it becomes due or not. */
export function debounced(action: () => void, pause: number, changed: () => void = () => undefined): { (): void; now(): void; isDue(): boolean } {
  let timer: number | undefined;
  const now = (): void => {
    window.clearTimeout(timer);
    timer = undefined;
    action();
    changed();
  };
  const soon = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(now, pause);
    changed();
  };
  return Object.assign(soon, { now, isDue: () => timer !== undefined });
}
