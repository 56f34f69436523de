// @ts-check
/** The ask page: our own page of a project, where visitors ask. */

import { openDesk } from "./desk.js";
import { Intake } from "./intake.js";
import { ownMemory } from "./memory.js";
import { ownerKey, wasLoggedIn } from "./session.js";
import { part } from "./text.js";
import { Visitor } from "./visitor.js";

const page = part(document, "#desk");

if (wasLoggedIn() || ownerKey()) {
  part(page, "#team").textContent = "Knowledge";
  part(page, "#to-inbox").hidden = false;
}

const projectId = page.dataset.project ?? "";
const visitor = new Visitor(projectId, ownMemory(projectId));
const intake = new Intake(page, () => desk.refresh());
const desk = openDesk(visitor, { isReady: () => intake.isReady });

desk.focus();
intake.follow();
desk.restore();
