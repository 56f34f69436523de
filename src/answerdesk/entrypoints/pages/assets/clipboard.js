// @ts-check
/** The clipboard, or the selection where the browser lets no page write to it. */

/** @param {HTMLElement} element whose text is copied, or else selected @returns {Promise<boolean>} whether it was copied */
export async function toClipboard(element) {
  try {
    await navigator.clipboard.writeText(element.textContent ?? "");
    return true;
  } catch {
    // Without https a page may not write to the clipboard.
    getSelection()?.selectAllChildren(element);
    return false;
  }
}
