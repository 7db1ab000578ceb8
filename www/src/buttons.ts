// What buttons answer: a word in place of their own, for a moment.

/** Copies a text and says so. */
export async function copy(button: HTMLButtonElement, what: string, word = "Copied"): Promise<void> {
  try {
    await navigator.clipboard.writeText(what);
    answer(button, word);
  } catch {
    answer(button, "Not allowed to copy");
  }
}

/** Shows a word in place of the button's own for a moment. */
export function answer(button: HTMLButtonElement, word: string): void {
  const own = button.dataset["label"] ?? button.textContent ?? "";
  button.dataset["label"] = own;
  button.textContent = word;
  window.setTimeout(() => {
    button.textContent = own;
  }, 1600);
}
