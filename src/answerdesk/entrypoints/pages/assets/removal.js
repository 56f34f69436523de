// @ts-check
/** Asks for confirmation before a member is removed, and whether to revoke the member's API keys. */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @param {string} email the member's address
 * @param {{id: string, name: string, hint: string, last_used_at: ?string}[]} keys the member's
 *   working keys @param {boolean} areAll whether `keys` is complete
 * @returns {Promise<{revoke: boolean} | null>} null if cancelled
 */
export function askRemoval(email, keys, areAll) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("removal"));
  const box = /** @type {HTMLInputElement} */ (byId("removal-revoke"));
  byId("removal-title").textContent = `Remove ${email} from this account?`;
  byId("removal-list").replaceChildren(...keys.map(row), ...(areAll ? [] : [line("and more")]));
  byId("removal-keys").hidden = keys.length === 0;
  box.checked = keys.length > 0;
  dialog.returnValue = "";
  dialog.showModal();
  byId("removal-no").focus();
  return new Promise((resolve) => {
    const answer = () => resolve(dialog.returnValue === "yes" ? { revoke: box.checked } : null);
    dialog.addEventListener("close", answer, { once: true });
  });
}

/** @param {{id: string, name: string, hint: string, last_used_at: ?string}} key */
function row(key) {
  const name = document.createElement("span");
  name.dir = "auto";
  name.textContent = key.name;
  const used = key.last_used_at ? new Date(key.last_used_at).toLocaleString() : "never";
  const item = line("");
  const note = document.createElement("span");
  note.className = "row-note";
  note.textContent = `${key.hint} · ${key.id} · last used: ${used}`;
  item.append(name, note);
  return item;
}

/** @param {string} text */
function line(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
