// @ts-check
/** The inbox page: finds out the person, takes a snapshot, and follows what happens. */

import { arrive, offerLogIn } from "../arriving.js";
import { byId, guarded, warn } from "../dom.js";
import { session } from "../session.js";
import { Alerts } from "./alerts.js";
import * as api from "./api.js";
import { ListView } from "./list.js";
import { PreferencesDialog } from "./preferences.js";
import { Sharing } from "./sharing.js";
import { Store } from "./store.js";
import { ConversationView } from "./view.js";

const ONE = new URLSearchParams({ limit: "1" });

/** Nobody is worried by a line that is lost for a moment. */
const PATIENCE_MS = 1000;

start().catch((error) => {
  byId("list-title").textContent = "The inbox could not be loaded";
  byId("none").textContent = "Reload the page to try again.";
  byId("none").hidden = false;
  warn(error);
});

async function start() {
  const arrived = await arrive();
  if (!arrived) return;
  const { me, projects } = arrived;
  const canWrite = me.scopes.includes("conversations:write");
  if (!canWrite && !me.scopes.includes("conversations:read")) {
    byId("list-title").textContent = "You may not read conversations";
    byId("none").textContent = "Ask an owner or admin of this account for another role.";
    byId("none").hidden = false;
    return;
  }
  document.documentElement.classList.toggle("reading", !canWrite);
  const person = me.kind === "user" ? (session()?.user ?? null) : null;
  document.documentElement.classList.toggle("by-key", person === null);
  if (me.kind === "owner_key") offerLogIn().catch(warn);
  const scope = `${person?.id ?? "key"}:${session()?.account.id ?? "own"}`;
  const canReadLeads = me.scopes.some((one) => one.startsWith("leads:"));
  await show(new Store(person), projects, { canWrite, canReadLeads }, scope);
}

/**
 * @param {Store} store @param {import("../arriving.js").Project[]} projects
 * @param {{canWrite: boolean, canReadLeads: boolean}} may @param {string} scope
 */
async function show(store, projects, may, scope) {
  const list = new ListView(store, projects);
  const sharing = new Sharing(scope, {
    frame: (name, data) => take(name, data),
    told: (isConnected) => showLine(isConnected),
    reload: () => begin(true),
    over: (reason) => {
      byId("line").textContent = `${reason} Reload the page to go on.`;
      byId("line").hidden = false;
    },
  });
  const alerts = new Alerts(store, () => sharing.isSeen);
  const view = new ConversationView(store, { ...may, projects, sharing, list });

  /** @param {string} name @param {any} data */
  const take = (name, data) => {
    if (name === "notice") alerts.notice(data);
    else if (name === "stream") view.present();
    else store.take(name, data);
  };

  /** @param {boolean} isAgain what has happened since the last time is not known */
  const begin = async (isAgain) => {
    const shown = list.query;
    const [snapshot, mine] = await Promise.all([api.snapshot(shown), unreadOf(store)]);
    if (isAgain) store.forget();
    store.begin(snapshot);
    store.keep(mine);
    list.began(snapshot.entries, snapshot.next_cursor);
    if (isAgain) await view.refresh();
    return snapshot.cursor;
  };

  store.on("stranger", () => guarded(async () => store.meet((await api.snapshot(ONE)).people)));
  window.addEventListener("hashchange", () => guarded(() => view.follow()));
  sharing.listen();
  const cursor = await begin(false);
  sharing.start(cursor);
  if (store.me) new PreferencesDialog(projects);
  await view.follow();
}

/** Fetch what is new in this person's own conversations, for the number in the title. @param {Store} store */
async function unreadOf(store) {
  if (!store.me) return [];
  const query = new URLSearchParams({ state: "human", assignee: "me", unread: "true", limit: "100" });
  return (await api.list(query)).items;
}

let lineTimer = 0;

/** @param {boolean} isConnected */
function showLine(isConnected) {
  clearTimeout(lineTimer);
  if (isConnected) {
    byId("line").hidden = true;
    return;
  }
  lineTimer = setTimeout(() => {
    byId("line").textContent = "Connection lost, trying again. What you see may be out of date.";
    byId("line").hidden = false;
  }, PATIENCE_MS);
}
