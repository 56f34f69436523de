// @ts-check
/** The settings page: finds out the person and the project, and shows one part at a time. */

import { arrive, offerLogIn } from "../arriving.js";
import { byId, warn } from "../dom.js";
import { chooseProject } from "../project_choice.js";
import { ask } from "../session.js";
import { HoursPart } from "./hours.js";
import { KeysView } from "./keys.js";
import { capsPart, greetingPart, namePart, privacyPart } from "./parts.js";
import { Resource } from "./resource.js";
import { Sections } from "./sections.js";
import { followViews } from "./views.js";

/** @typedef {import("./shapes.js").Agent} Agent */
/** @typedef {import("./shapes.js").Project} Project */

const UNUSED = {
  always: "says that people are always there, so these hours are not used.",
  own_hours: "has hours of its own, so these are not used.",
};

const sections = new Sections();

start().catch((error) => {
  byId("lead").textContent = "The settings could not be loaded. Reload the page to try again.";
  warn(error);
});

async function start() {
  const arrived = await arrive();
  if (!arrived) return;
  const { me, projects } = arrived;
  if (me.kind === "owner_key") offerLogIn().catch(warn);
  const chosen = chooseProject(projects, () => sections.mayLeave());
  const keys = new KeysView({ projects, canManage: me.scopes.includes("keys:write") });
  const canWrite = me.scopes.includes("projects:write");
  document.documentElement.classList.toggle("reading", !canWrite);
  if (chosen) await showProject(chosen.id, canWrite, me.scopes.includes("agents:write"));
  byId("lead").textContent = lead(chosen, projects.length);
  await showViews(keys, chosen !== null, canWrite);
}

/** @param {{name: string} | null} chosen @param {number} projects */
function lead(chosen, projects) {
  if (chosen) return `API keys of the account, and how ${chosen.name} looks and behaves.`;
  return projects ? "There is no such project, or it is not yours. Choose one above." : "API keys of the account.";
}

/** @param {string} id @param {boolean} canWrite @param {boolean} canWriteAgents */
async function showProject(id, canWrite, canWriteAgents) {
  const path = `/v1/projects/${encodeURIComponent(id)}`;
  /** @type {Resource<Project>} */
  const project = new Resource(path);
  const [agent] = await Promise.all([activeAgent(path), project.load()]);
  const hours = new HoursPart(byId("hours"));
  const parts = {
    name: namePart(byId("name")),
    hours,
    caps: capsPart(byId("caps")),
    privacy: privacyPart(byId("privacy")),
  };
  for (const [name, part] of Object.entries(parts)) sections.add(name, project, part, canWrite);
  byId("greeting").hidden = agent === null;
  byId("greeting-of").textContent = agent
    ? `Of ${agent.value.name}, the agent that speaks for this project.`
    : "This project has no agent that could greet.";
  if (agent) {
    sections.add("greeting", agent, greetingPart(byId("greeting")), canWriteAgents);
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
  const [, moved = ""] = location.hash.match(/^#\/(look|origins)$/) ?? [];
  if (moved) return location.replace(`/widget${location.search}#/${moved === "look" ? "look" : "sites"}`);
  const names = ["keys", "name", "greeting", "hours", "caps", "privacy"];
  const usual = keys.on.canManage || !hasProject ? "keys" : "name";
  await followViews(names, usual, async (wanted) => {
    const isOfProject = wanted !== "keys";
    if (isOfProject && !hasProject) byId(`view-${wanted}`).hidden = true;
    byId("no-project").hidden = !isOfProject || hasProject;
    byId("only-reading").hidden = !isOfProject || !hasProject || canWrite;
    if (!isOfProject) await keys.show();
  });
}
