// @ts-check
/** The page of language models: finds out the person and the project, and shows all parts. */

import { arrive, offerLogIn } from "../arriving.js";
import { byId, guarded, warn } from "../dom.js";
import { chooseProject } from "../project_choice.js";
import { AgentChoice } from "./agents.js";
import { ModelList } from "./list.js";
import { Spending } from "./spending.js";

start().catch((error) => {
  byId("lead").textContent = "The language models could not be loaded. Reload the page to try again.";
  warn(error);
});

async function start() {
  const arrived = await arrive();
  if (!arrived) return;
  const { me, projects } = arrived;
  if (me.kind === "owner_key") offerLogIn().catch(warn);
  const canWrite = me.scopes.includes("agents:write");
  document.documentElement.classList.toggle("reading", !canWrite);
  const project = chooseProject(projects);
  /** @type {AgentChoice | null} */
  let agents = null;
  const list = new ModelList({ canWrite, projects, changed: async (models) => agents?.show(models) });
  if (project) agents = new AgentChoice({ project, canWrite, chosen: () => list.load() });
  const spending = new Spending({
    project,
    projects,
    canCap: me.scopes.includes("projects:write"),
    canCapAccount: me.scopes.includes("account:write"),
  });
  await agents?.load();
  await list.load();
  await spending.load();
  byId("lead").textContent = "They write your agents' answers from what your knowledge says.";
  await guarded(() => list.look());
}
