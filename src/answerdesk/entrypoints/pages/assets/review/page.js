// @ts-check
/** The review page: finds out the person, the project and the list to show. */

import { arrive, offerLogIn } from "../arriving.js";
import { byId, guarded, h, warn } from "../dom.js";
import { Api } from "../knowledge/api.js";
import { chooseProject } from "../project_choice.js";
import { DraftsView } from "./drafts.js";
import { QuestionsView } from "./questions.js";

start().catch((error) => {
  byId("lead").textContent = "The lists could not be loaded. Reload the page to try again.";
  warn(error);
});

async function start() {
  const arrived = await arrive();
  if (!arrived) return;
  const { me, projects } = arrived;
  const chosen = chooseProject(projects);
  if (!chosen) {
    byId("lead").textContent = projects.length
      ? "There is no such project, or it is not yours. Choose one above."
      : "There is no project yet. Create one on the account page.";
    return;
  }
  if (me.kind === "owner_key") offerLogIn().catch(warn);
  const canWrite = me.scopes.includes("knowledge:write");
  byId("lead").textContent = canWrite
    ? `What ${chosen.name} can learn from its conversations. Nothing is used before you approve it.`
    : `What ${chosen.name} can learn from its conversations. Owners and admins decide about it.`;
  document.title = `Review of ${chosen.name}`;
  await show(new Api(chosen.id), canWrite);
}

/** @param {Api} api @param {boolean} canWrite */
async function show(api, canWrite) {
  /** @type {Record<string, DraftsView | QuestionsView>} */
  const views = { drafts: new DraftsView(api, canWrite), questions: new QuestionsView(api, canWrite) };
  let isFirst = true;
  const follow = async () => {
    const [, name = ""] = location.hash.match(/^#\/(\w+)$/) ?? [];
    if (location.hash && !name) return;
    const wanted = name in views ? name : "drafts";
    for (const [other, view] of Object.entries(views)) if (other !== wanted) view.hide();
    mark(`#/${wanted}`);
    await views[wanted].show();
    const { root } = views[wanted];
    if (!isFirst && !root.contains(document.activeElement)) root.querySelector("h2")?.focus();
    isFirst = false;
  };
  window.addEventListener("hashchange", () => guarded(follow));
  byId("views").hidden = false;
  /** @type {{items: {category: string}[]}} */
  const { items } = await api.get("/items/categories");
  byId("categories").replaceChildren(...items.map((one) => h("option", { value: one.category })));
  await follow();
}

/** @param {string} tab */
function mark(tab) {
  for (const link of byId("views").querySelectorAll("a")) {
    if (link.getAttribute("href") === tab) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
