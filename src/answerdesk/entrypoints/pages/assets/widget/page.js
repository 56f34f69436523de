// @ts-check
/** The widget's page: finds out the person and the project, and shows one part beside the preview. */

import { arrive, offerLogIn } from "../arriving.js";
import { copyButton } from "../copying.js";
import { byId, h, warn } from "../dom.js";
import { chooseProject } from "../project_choice.js";
import { Resource } from "../settings/resource.js";
import { Sections } from "../settings/sections.js";
import { followViews } from "../settings/views.js";
import { beginPart, contactPart, lookPart, sitesPart } from "./parts.js";
import { Preview } from "./preview.js";
import { TextsPart } from "./texts.js";

/** @typedef {import("../settings/shapes.js").Project} Project */

const VIEWS = ["look", "begin", "contact", "texts", "sites", "tag"];
const sections = new Sections();

start().catch((error) => {
  byId("lead").textContent = "The widget's settings could not be loaded. Reload the page to try again.";
  warn(error);
});

async function start() {
  const arrived = await arrive();
  if (!arrived) return;
  const { me, projects } = arrived;
  if (me.kind === "owner_key") offerLogIn().catch(warn);
  const chosen = chooseProject(projects, () => sections.mayLeave());
  const canWrite = me.scopes.includes("projects:write");
  document.documentElement.classList.toggle("reading", !canWrite);
  byId("no-project").hidden = projects.length > 0;
  if (!chosen) {
    byId("lead").textContent = projects.length
      ? "There is no such project, or it is not yours. Choose one above."
      : "How the chat on your websites looks, and what it says.";
    return;
  }
  byId("only-reading").hidden = canWrite;
  await showProject(chosen.id, canWrite);
  byId("lead").textContent = `How the chat of ${chosen.name} looks on websites, and what it says.`;
  await followViews(VIEWS, "look", () => {});
}

/** @param {string} id @param {boolean} canWrite */
async function showProject(id, canWrite) {
  /** @type {Resource<Project>} */
  const project = new Resource(`/v1/projects/${encodeURIComponent(id)}`);
  const { tag, name } = await project.load();
  document.title = `Widget of ${name}`;
  showTag(tag);
  byId("preview-box").hidden = false;
  const preview = new Preview(id, tried);
  const texts = new TextsPart(byId("texts"), (languages) => preview.offer(languages));
  byId("texts-language").addEventListener("change", () => preview.show(byId("texts-language").value));
  const parts = {
    look: lookPart(byId("look")),
    begin: beginPart(byId("begin")),
    contact: contactPart(byId("contact")),
    texts,
    sites: sitesPart(byId("sites")),
  };
  for (const [part, of] of Object.entries(parts)) sections.add(part, project, of, canWrite, () => preview.later());
}

/** Everything that is in the forms, as one merge patch of the settings. */
function tried() {
  const settings = sections.bodies.map((one) => /** @type {{settings: Record<string, any>}} */ (one).settings);
  /** @type {Record<string, any>} */
  const all = {};
  for (const one of settings) {
    for (const [field, value] of Object.entries(one)) {
      all[field] = Array.isArray(value) ? value : { ...all[field], ...value };
    }
  }
  return all;
}

/** @param {string} tag */
function showTag(tag) {
  const code = h("code", { dir: "ltr" }, tag);
  const copies = copyButton(code, "The tag");
  copies.setAttribute("aria-label", "Copy the tag");
  byId("tag").replaceChildren(h("pre", { tabindex: "0", role: "region", "aria-label": "The tag" }, code), h("p", { class: "actions" }, copies));
}
