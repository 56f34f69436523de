// @ts-check
/** The settings page: finds out the person and the project, and shows one part at a time. */

import { arrive, offerLogIn } from "../arriving.js";
import { byId, confirmed, guarded, h, warn } from "../dom.js";
import { chooseProject } from "../project_choice.js";
import { ask } from "../session.js";
import { HoursPart } from "./hours.js";
import { KeysView } from "./keys.js";
import { capsPart, greetingPart, lookPart, originsPart, privacyPart } from "./parts.js";
import { Resource } from "./resource.js";
import { Section } from "./section.js";

/** @typedef {import("./shapes.js").Agent} Agent */
/** @typedef {import("./shapes.js").Project} Project */

const UNUSED = {
  always: "says that people are always there, so these hours are not used.",
  own_hours: "has hours of its own, so these are not used.",
};

/** The sections of the project, by name. @type {Record<string, Section>} */
const sections = {};
let isLeaving = false;

start().catch((error) => {
  byId("lead").textContent = "The settings could not be loaded. Reload the page to try again.";
  warn(error);
});

async function start() {
  const arrived = await arrive();
  if (!arrived) return;
  const { me, projects } = arrived;
  if (me.kind === "owner_key") offerLogIn().catch(warn);
  const chosen = chooseProject(projects, mayLeave);
  const keys = new KeysView({ projects, canManage: me.scopes.includes("keys:write") });
  const canWrite = me.scopes.includes("projects:write");
  document.documentElement.classList.toggle("reading", !canWrite);
  if (chosen) await showProject(chosen.id, canWrite, me.scopes.includes("agents:write"));
  byId("lead").textContent = lead(chosen, projects.length);
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && isDirty()) event.preventDefault();
  });
  await showViews(keys, chosen !== null, canWrite);
}

/** @param {{name: string} | null} chosen @param {number} projects */
function lead(chosen, projects) {
  if (chosen) return `API keys of the account, and how ${chosen.name} looks and behaves.`;
  return projects ? "There is no such project, or it is not yours. Choose one above." : "API keys of the account.";
}

const isDirty = () => Object.values(sections).some((one) => one.isDirty);

/** @returns {Promise<boolean>} */
async function mayLeave() {
  isLeaving =
    !isDirty() ||
    (await confirmed({
      title: "Leave without saving?",
      text: "What you typed on this page is not saved yet. It is lost if you open another project.",
      yes: "Leave",
      no: "Stay",
    }));
  return isLeaving;
}

/** @param {string} id @param {boolean} canWrite @param {boolean} canWriteAgents */
async function showProject(id, canWrite, canWriteAgents) {
  const path = `/v1/projects/${encodeURIComponent(id)}`;
  /** @type {Resource<Project>} */
  const project = new Resource(path);
  const [agent] = await Promise.all([activeAgent(path), project.load()]);
  const hours = new HoursPart(byId("hours"));
  const parts = {
    look: lookPart(byId("look")),
    hours,
    origins: originsPart(byId("origins")),
    caps: capsPart(byId("caps")),
    privacy: privacyPart(byId("privacy")),
  };
  for (const [name, part] of Object.entries(parts)) add(name, project, part, canWrite);
  byId("greeting").hidden = agent === null;
  byId("greeting-of").textContent = agent
    ? `Of ${agent.value.name}, the agent that speaks for this project.`
    : "This project has no agent that could greet.";
  if (agent) {
    add("greeting", agent, greetingPart(byId("greeting")), canWriteAgents);
    const { availability, name } = agent.value;
    byId("hours-unused").hidden = availability === "office_hours";
    byId("hours-unused").textContent = availability === "office_hours" ? "" : `The agent ${name} ${UNUSED[availability]}`;
  }
  project.follow(follow);
  follow(project.value);
}

/** @param {Project} project */
function follow({ id, name, settings }) {
  byId("greeting-hidden").hidden = settings.look.welcome === null;
  for (const option of byId("project").options) if (option.value === id) option.textContent = name;
  document.title = `Settings of ${name}`;
}

/** @param {string} name @param {Resource<any>} resource @param {import("./section.js").Part} part @param {boolean} canWrite */
function add(name, resource, part, canWrite) {
  const tab = byId("views").querySelector(`a[href="#/${name}"]`);
  const mark = h("span", { class: "tab-mark" });
  tab.append(mark);
  const changed = () => {
    const isUnsaved = sections[name]?.isDirty;
    if (isUnsaved === (mark.childElementCount > 0)) return;
    mark.replaceChildren(...(isUnsaved ? [h("span", { "aria-hidden": "true" }, " •"), h("span", { class: "visually-hidden" }, " (not saved yet)")] : []));
  };
  sections[name] = new Section(byId(name), resource, part, { canWrite, changed });
}

/** @param {string} path @returns {Promise<Resource<Agent> | null>} the agent that speaks for the project */
async function activeAgent(path) {
  for (let cursor = ""; ; ) {
    /** @type {{items: Agent[], next_cursor: string | null}} */
    const { items, next_cursor } = await ask("GET", `${path}/agents?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    const active = items.find((one) => one.active);
    if (active) {
      const agent = new Resource(`${path}/agents/${encodeURIComponent(active.id)}`);
      await agent.load();
      return /** @type {Resource<Agent>} */ (agent);
    }
    if (!next_cursor) return null;
    cursor = next_cursor;
  }
}

/** @param {KeysView} keys @param {boolean} hasProject @param {boolean} canWrite */
async function showViews(keys, hasProject, canWrite) {
  const names = ["keys", "look", "greeting", "hours", "origins", "caps", "privacy"];
  const usual = keys.on.canManage || !hasProject ? "keys" : "look";
  let isFirst = true;
  const follow = async () => {
    const [, name = ""] = location.hash.match(/^#\/(\w+)$/) ?? [];
    if (location.hash && !name) return;
    const wanted = names.includes(name) ? name : usual;
    const isOfProject = wanted !== "keys";
    for (const one of names) byId(`view-${one}`).hidden = one !== wanted || (isOfProject && !hasProject);
    byId("no-project").hidden = !isOfProject || hasProject;
    byId("only-reading").hidden = !isOfProject || !hasProject || canWrite;
    for (const link of byId("views").querySelectorAll("a")) {
      if (link.hash === `#/${wanted}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (!isOfProject) await keys.show();
    if (!isFirst) byId(`${wanted}-title`).focus();
    isFirst = false;
  };
  window.addEventListener("hashchange", () => guarded(follow));
  byId("views").hidden = false;
  await follow();
}
