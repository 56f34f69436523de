// @ts-check
/** The choice of a project in the bar of a page that is about one project at a time. */

import { keepProject } from "./arriving.js";
import { byId } from "./dom.js";

/**
 * Offer the projects in the bar, and have the links to other pages keep the chosen one.
 *
 * @template {import("./arriving.js").Project} Project
 * @param {Project[]} projects
 * @param {() => boolean | Promise<boolean>} [mayLeave] asked before another one is opened
 * @returns {Project | null} the one in the address, else the oldest; null if there is none
 */
export function chooseProject(projects, mayLeave = () => true) {
  const wanted = new URLSearchParams(location.search).get("project");
  const chosen = projects.find((one) => one.id === wanted) ?? (wanted ? null : projects[0]) ?? null;
  const select = byId("project");
  const options = projects.map((one) => new Option(one.name, one.id, false, one === chosen));
  if (!chosen) options.unshift(new Option("Choose a project", "", true, true));
  select.replaceChildren(...options);
  select.disabled = projects.length === 0;
  select.addEventListener("change", async () => {
    if (!select.value) return;
    if (await mayLeave()) location.assign(`?project=${encodeURIComponent(select.value)}${location.hash}`);
    else select.value = chosen?.id ?? "";
  });
  if (chosen) keepProject(chosen.id);
  return chosen;
}
