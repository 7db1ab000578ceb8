// A long file for the page, and how it is put there at once.

/** So many installs, each in a line, with an issue and a note, among lines that cost nothing. */
export const installs = (number) => `FROM python:3.13\nCOPY . .\n${Array.from({ length: number }, (_, at) => `# Part ${at}\nENV PART_${at}=${at}\nLABEL part.${at}="${at}"\nRUN pip install part-${at}==1.${at}\n`).join("")}`;

/** Replaces what the editor of `page` holds, as the clipboard does. */
export async function replaceText(page, text) {
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+A");
  await page.evaluate((given) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", given);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}
