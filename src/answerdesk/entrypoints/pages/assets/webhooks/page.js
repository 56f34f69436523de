// @ts-check
/** The webhooks page: finds out the person and the view to show. */

import { arrive, keepProject, offerLogIn } from "../arriving.js";
import { byId, guarded, warn } from "../dom.js";
import { ask } from "../session.js";
import { ListView } from "./list.js";
import { WebhookView } from "./webhook.js";

start().catch((error) => {
  byId("lead").textContent = "The webhooks could not be loaded. Reload the page to try again.";
  warn(error);
});

async function start() {
  const arrived = await arrive();
  if (!arrived) return;
  const { me, projects } = arrived;
  /** @type {{items: import("./shapes.js").EventType[]}} */
  const { items: types } = await ask("GET", "/v1/event-types");
  const canWrite = me.scopes.includes("webhooks:write");
  document.documentElement.classList.toggle("reading", !canWrite);
  if (me.kind === "owner_key") offerLogIn().catch(warn);
  const project = new URLSearchParams(location.search).get("project");
  if (project) keepProject(project);
  await show({ canWrite, isPerson: me.kind === "user", projects, types });
  byId("lead").textContent = "They send events to your own servers as they happen.";
}

/**
 * @param {{canWrite: boolean, isPerson: boolean, projects: import("../arriving.js").Project[],
 *   types: import("./shapes.js").EventType[]}} known
 */
async function show(known) {
  const webhook = new WebhookView({ ...known, gone: () => (location.hash = "#/") });
  const list = new ListView({
    ...known,
    added: (made) => {
      webhook.fresh = made;
      location.hash = `#/webhook/${made.id}`;
    },
  });
  let isFirst = true;
  const follow = async () => {
    const [, id = ""] = location.hash.match(/^#\/webhook\/(\w+)$/) ?? [];
    if (location.hash && !location.hash.startsWith("#/")) return;
    const [wanted, other] = id ? [webhook, list] : [list, webhook];
    other.hide();
    if (id) webhook.hide();
    await wanted.show(id);
    const { root } = wanted;
    if (!isFirst && !root.contains(document.activeElement)) root.querySelector("h2[tabindex]")?.focus();
    isFirst = false;
  };
  window.addEventListener("hashchange", () => guarded(follow));
  await follow();
}
