// @ts-check
/** What each form edits, but the office hours. */

import { lines } from "../forms.js";

/**
 * @typedef {import("./section.js").Part} Part
 * @typedef {import("./shapes.js").Project} Project
 * @typedef {import("./shapes.js").Look} Look
 * @typedef {import("./shapes.js").Caps} Caps
 */

const MOST_PROMPTS = 10;
const LONGEST_PROMPT = 200;
const MOST_ORIGINS = 100;

/** @param {any} form @returns {Part} */
export const lookPart = ({ elements }) => ({
  of: (/** @type {Project} */ { name, settings }) => ({ name, look: settings.look }),
  fill: (/** @type {{name: string, look: Look}} */ { name, look }) => {
    elements.name.value = name;
    elements.color.value = look.color.toLowerCase();
    elements.position.value = look.position;
    elements.welcome.value = look.welcome ?? "";
    elements.prompts.value = look.quick_prompts.join("\n");
    elements.avatar.value = look.avatar ?? "";
    elements.branding.checked = look.show_branding;
  },
  body: () => ({
    name: elements.name.value.trim(),
    settings: {
      look: {
        color: elements.color.value,
        position: elements.position.value,
        welcome: elements.welcome.value.trim() || null,
        quick_prompts: lines(elements.prompts.value),
        avatar: elements.avatar.value.trim() || null,
        show_branding: elements.branding.checked,
      },
    },
  }),
  check: () => {
    const prompts = lines(elements.prompts.value);
    const long = prompts.findIndex((one) => [...one].length > LONGEST_PROMPT);
    const found = [];
    if (!elements.name.value.trim()) found.push({ field: elements.name, text: "Give the project a name." });
    if (prompts.length > MOST_PROMPTS) {
      found.push({ field: elements.prompts, text: `There are ${prompts.length} questions; keep ${MOST_PROMPTS} at most.` });
    } else if (long >= 0) {
      found.push({ field: elements.prompts, text: `Line ${long + 1} is longer than ${LONGEST_PROMPT} characters.` });
    }
    return found;
  },
  fieldOf: (path) => {
    const fields = { name: "name", color: "color", position: "position", welcome: "welcome", quick_prompts: "prompts", avatar: "avatar", show_branding: "branding" };
    const [, name = path] = path.match(/^settings\.look\.(\w+)/) ?? [];
    return elements[/** @type {Record<string, string>} */ (fields)[name]] ?? null;
  },
});

/** @param {any} form @returns {Part} */
export const greetingPart = ({ elements }) => ({
  of: (/** @type {import("./shapes.js").Agent} */ { greeting }) => greeting,
  fill: (/** @type {string | null} */ greeting) => (elements.greeting.value = greeting ?? ""),
  body: () => ({ greeting: elements.greeting.value.trim() || null }),
  fieldOf: (path) => (path === "greeting" ? elements.greeting : null),
});

/** @param {any} form @returns {Part} */
export const originsPart = ({ elements }) => ({
  of: (/** @type {Project} */ { settings }) => settings.allowed_origins,
  fill: (/** @type {string[]} */ origins) => (elements.origins.value = origins.join("\n")),
  body: () => ({ settings: { allowed_origins: lines(elements.origins.value) } }),
  check: () => {
    const many = lines(elements.origins.value).length;
    return many > MOST_ORIGINS
      ? [{ field: elements.origins, text: `There are ${many} origins; keep ${MOST_ORIGINS} at most.` }]
      : [];
  },
  fieldOf: (path) => (path.startsWith("settings.allowed_origins") ? elements.origins : null),
});

/** @param {any} field @returns {number | null} */
const numberIn = (field) => (field.value === "" ? null : Number(field.value));

/** @param {any[]} fields whose range may be left @param {string} text what to write */
const outOfRange = (fields, text) =>
  // A number field that holds something else reads as empty, so ask its validity.
  fields.filter((one) => !one.validity.valid).map((field) => ({ field, text }));

/** @param {any} form @returns {Part} */
export const capsPart = ({ elements }) => {
  const fields = [elements.per_day, elements.per_visitor_per_day];
  return {
    of: (/** @type {Project} */ { settings }) => settings.message_caps,
    fill: (/** @type {Record<string, number | null>} */ caps) => {
      for (const one of fields) one.value = caps[one.name] ?? "";
    },
    body: () => ({ settings: { message_caps: Object.fromEntries(fields.map((one) => [one.name, numberIn(one)])) } }),
    check: () => outOfRange(fields, "Write a whole number from 0 to 1,000,000,000, or nothing."),
    fieldOf: (path) => elements[path.replace("settings.message_caps.", "")] ?? null,
  };
};

/** @param {any} form @returns {Part} */
export const privacyPart = ({ elements }) => {
  const days = [elements.retention_days, elements.lead_retention_days];
  const ticks = [elements.redact, elements.mask_cards];
  return {
    of: (/** @type {Project} */ { settings }) => ({ ...settings.privacy, consent_text: settings.lead_capture.consent_text }),
    fill: (/** @type {Record<string, any>} */ saved) => {
      for (const one of days) one.value = saved[one.name] ?? "";
      for (const one of ticks) one.checked = saved[one.name];
      elements.consent_text.value = saved.consent_text ?? "";
    },
    body: () => ({
      settings: {
        privacy: Object.fromEntries([
          ...days.map((one) => [one.name, numberIn(one)]),
          ...ticks.map((one) => [one.name, one.checked]),
        ]),
        lead_capture: { consent_text: elements.consent_text.value.trim() || null },
      },
    }),
    check: () => outOfRange(days, "Write a whole number from 1 to 3,650, or nothing."),
    fieldOf: (path) => elements[path.split(".").at(-1) ?? ""] ?? null,
  };
};
