// @ts-check
/** The knowledge page: finds out the person, the project and the view to show. */

import { arrive, offerLogIn } from "../arriving.js";
import { byId, guarded, tell, warn } from "../dom.js";
import { chooseProject } from "../project_choice.js";
import { Adding } from "./add.js";
import { Api } from "./api.js";
import { isRunning } from "./format.js";
import { ItemsView } from "./items.js";
import { ModelView } from "./model.js";
import { SourceView } from "./source.js";
import { SourcesView } from "./sources.js";

start().catch((error) => {
  byId("lead").textContent = "The knowledge could not be loaded.";
  warn(error);
});

async function start() {
  const arrived = await arrive();
  if (!arrived) return;
  const { me, projects } = arrived;
  const canWrite = me.scopes.includes("knowledge:write");
  document.documentElement.classList.toggle("reading", !canWrite);
  const chosen = chooseProject(projects);
  if (!chosen) {
    byId("lead").textContent = projects.length
      ? "There is no such project, or it is not yours. Choose one above."
      : "There is no project yet. Create one on the account page.";
    return;
  }
  if (me.kind === "owner_key") offerLogIn().catch(warn);
  byId("lead").textContent = `What ${chosen.name} answers from.`;
  document.title = `Knowledge of ${chosen.name}`;
  show(new Api(chosen.id), canWrite);
}

/** @param {Api} api @param {boolean} canWrite */
function show(api, canWrite) {
  const sources = new SourcesView(api, {
    canWrite,
    add: (what) => canWrite && adding.open(`add-${what}`),
    empty: () => canWrite && !adding.isOpen && adding.open("add-site"),
  });
  const source = new SourceView(api, { canWrite, gone: () => (location.hash = "#/sources") });
  const items = new ItemsView(api, canWrite);
  const model = new ModelView(api, canWrite);
  const adding = new Adding(api, {
    added: (made) => {
      const isNew = made.last_sync?.cause === "added" && isRunning(made.last_sync);
      tell(isNew ? "It was added and is being read now." : "It is here already and was not changed. Use Settings to change it.");
      location.hash = `#/source/${made.id}`;
    },
    changed: () => sources.refresh().catch(() => {}),
  });
  /**
   * @typedef {{root: HTMLElement, show: (what: string) => Promise<void>, hide: () => void}} View
   * @type {Record<string, {view: View, tab: string}>}
   */
  const views = {
    sources: { view: sources, tab: "#/sources" },
    source: { view: source, tab: "#/sources" },
    items: { view: items, tab: "#/items" },
    model: { view: model, tab: "#/model" },
  };
  let shown = "";
  const follow = async () => {
    const [, name = "", id = ""] = location.hash.match(/^#\/(\w+)(?:\/(\w+))?$/) ?? [];
    if (location.hash && !name) return;
    const wanted = name in views ? name : "sources";
    for (const [other, { view }] of Object.entries(views)) if (other !== wanted || shown === wanted) view.hide();
    mark(views[wanted].tab);
    const isFirst = shown === "";
    shown = wanted;
    await views[wanted].view.show(id);
    const { root } = views[wanted].view;
    if (!isFirst && !root.contains(document.activeElement)) /** @type {HTMLElement | null} */ (root.querySelector("h2[tabindex]"))?.focus();
  };
  window.addEventListener("hashchange", () => guarded(follow));
  byId("views").hidden = false;
  return follow().catch((error) => {
    byId("lead").textContent = "The knowledge could not be loaded.";
    warn(error);
  });
}

/** @param {string} tab */
function mark(tab) {
  for (const link of byId("views").querySelectorAll("a")) {
    if (link.getAttribute("href") === tab) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
