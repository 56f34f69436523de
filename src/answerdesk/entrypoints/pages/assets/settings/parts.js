// @ts-check
/** What each form edits, but the office hours. */

/**
 * @typedef {import("./section.js").Part} Part
 * @typedef {import("./shapes.js").Project} Project
 */

/** @param {any} form @returns {Part} */
export const namePart = ({ elements }) => ({
  of: (/** @type {Project} */ { name }) => name,
  fill: (/** @type {string} */ name) => (elements.name.value = name),
  body: () => ({ name: elements.name.value.trim() }),
  check: () => (elements.name.value.trim() ? [] : [{ field: elements.name, text: "Give the project a name." }]),
  fieldOf: (path) => (path === "name" ? elements.name : null),
});

/** @param {any} form @returns {Part} */
export const greetingPart = ({ elements }) => ({
  of: (/** @type {import("./shapes.js").Agent} */ { greeting }) => greeting,
  fill: (/** @type {string | null} */ greeting) => (elements.greeting.value = greeting ?? ""),
  body: () => ({ greeting: elements.greeting.value.trim() || null }),
  fieldOf: (path) => (path === "greeting" ? elements.greeting : null),
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
