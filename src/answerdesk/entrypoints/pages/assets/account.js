// @ts-check
/** The account page: projects, people, the password. */

import { keysTold } from "./keys_left.js";
import { askRemoval } from "./removal.js";
import { ask, isLoggedOut, logIn, logOut, resume } from "./session.js";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const trouble = byId("trouble");

guarded(start);

async function start() {
  byId("log-out").addEventListener("click", () => guarded(() => logOut()));
  byId("log-out-everywhere").addEventListener("click", () => {
    if (confirm("Log out of every browser, including this one?")) guarded(() => logOut(true));
  });
  if (!(await resume())) return logIn();
  onSubmit("new-project", async (fields) => {
    await ask("POST", "/v1/projects", { name: fields.name });
    await showProjects();
  });
  onSubmit("new-invitation", async (fields) => {
    const made = await ask("POST", "/v1/invitations", fields);
    /** @type {HTMLElement} */ (byId("new-invitation-shown").querySelector("span")).textContent = made.message;
    reveal("new-invitation-shown", made.link);
    await showInvitations();
  });
  onSubmit("new-password", async (fields) => {
    const revoke_keys = fields.revoke_keys !== undefined;
    const settled = await ask("POST", "/v1/auth/password", { ...fields, revoke_keys });
    byId("password-told").textContent = `The password is changed. ${keysTold(settled)}`;
    byId("password-told").hidden = false;
  });
  await guarded(show);
  byId("account").setAttribute("aria-busy", "false");
}

async function show() {
  const me = await ask("GET", "/v1/me");
  const { account, user, role } = me;
  byId("account-name").textContent = account.name;
  byId("account-who").textContent = `${user.name || user.email}, ${role} · plan ${account.plan}`;
  await showProjects();
  if (role !== "owner" && role !== "admin") {
    byId("new-project").hidden = true;
    return;
  }
  byId("keys-panel").hidden = false;
  byId("people-panel").hidden = false;
  await Promise.all([showPeople(), showInvitations()]);
}

async function showProjects() {
  const { items } = await ask("GET", "/v1/projects?limit=200");
  fill("projects", items, "There is no project yet.", (project) => {
    const link = document.createElement("a");
    link.href = `/?project=${encodeURIComponent(project.id)}`;
    link.textContent = project.name;
    const ends = document.createElement("span");
    ends.className = "row-end pair";
    for (const name of ["Knowledge", "Settings"]) {
      const end = document.createElement("a");
      end.href = `/${name.toLowerCase()}?project=${encodeURIComponent(project.id)}`;
      end.textContent = name;
      ends.append(end);
    }
    return [link, small(project.id), ends];
  });
}

async function showPeople() {
  const { items } = await ask("GET", "/v1/members?limit=200");
  fill("people", items, "", (member) => [
    text(member.name || member.email),
    small(member.name ? `${member.email} · ${member.role}` : member.role),
    press("Remove", () => removeMember(member)),
  ]);
}

/** @param {{id: string, user_id: string, email: string}} member */
async function removeMember(member) {
  const theirs = new URLSearchParams({ created_by_id: member.user_id, working: "true", limit: "50" });
  const { items, next_cursor } = await ask("GET", `/v1/api-keys?${theirs}`);
  const answer = await askRemoval(member.email, items, next_cursor === null);
  if (answer === null) return;
  await ask("DELETE", `/v1/members/${member.id}?revoke_keys=${answer.revoke}`);
  await showPeople();
}

async function showInvitations() {
  const { items } = await ask("GET", "/v1/invitations?limit=200");
  byId("invitations-title").hidden = items.length === 0;
  fill("invitations", items, "", (invitation) => [
    text(invitation.email),
    small(`${invitation.role} · ${fateOf(invitation.letter)}`),
    remover("Withdraw", `Withdraw the invitation of ${invitation.email}? Its link will stop working.`, async () => {
      await ask("DELETE", `/v1/invitations/${invitation.id}`);
      await showInvitations();
    }),
  ]);
}

/** @param {?{state: string, error: ?string}} letter the state of an invitation's e-mail */
function fateOf(letter) {
  if (letter === null) return "to be mailed";
  if (letter.state === "mailed") return "mailed";
  if (letter.state === "written") return "not mailed: there is no mail server";
  const again = letter.state === "failing" ? "; it will be retried" : "";
  return `not mailed: ${letter.error}${again}`;
}

/**
 * @template T
 * @param {string} id @param {T[]} items @param {string} none @param {(item: T) => Node[]} write
 */
function fill(id, items, none, write) {
  const rows = items.map((item) => {
    const row = document.createElement("li");
    row.append(...write(item));
    return row;
  });
  if (!rows.length && none) {
    const row = document.createElement("li");
    row.append(small(none));
    rows.push(row);
  }
  byId(id).replaceChildren(...rows);
}

/** @param {string} content */
function text(content) {
  const span = document.createElement("span");
  span.dir = "auto";
  span.textContent = content;
  return span;
}

/** @param {string} content */
function small(content) {
  const span = text(content);
  span.className = "row-note";
  return span;
}

/** @param {string} label @param {string} question @param {() => Promise<void>} remove */
function remover(label, question, remove) {
  return press(label, async () => {
    if (confirm(question)) await remove();
  });
}

/** @param {string} label @param {() => Promise<void>} action */
function press(label, action) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = label;
  button.addEventListener("click", () => guarded(action));
  return button;
}

/** @param {string} id @param {string} secret */
function reveal(id, secret) {
  const box = byId(id);
  /** @type {HTMLElement} */ (box.querySelector("code")).textContent = secret;
  box.hidden = false;
}

/** @param {string} id @param {(fields: Record<string, string>) => Promise<void>} send */
function onSubmit(id, send) {
  const form = /** @type {HTMLFormElement} */ (byId(id));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(form)].map(([k, v]) => [k, String(v)]));
    guarded(async () => {
      await send(fields);
      form.reset();
    });
  });
}

/** @param {() => Promise<unknown>} action */
async function guarded(action) {
  trouble.hidden = true;
  try {
    await action();
  } catch (error) {
    if (isLoggedOut(error)) return;
    trouble.textContent = error instanceof Error ? error.message : String(error);
    trouble.hidden = false;
    trouble.scrollIntoView({ block: "center" });
  }
}
