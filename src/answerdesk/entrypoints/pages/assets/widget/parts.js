// @ts-check
/** What each form of the widget's page edits, but the texts. */

import { byId } from "../dom.js";
import { lines } from "../forms.js";
import { StopList } from "./stops.js";

/**
 * @typedef {import("../settings/section.js").Part} Part
 * @typedef {import("../settings/shapes.js").Project} Project
 * @typedef {import("../settings/shapes.js").Look} Look
 * @typedef {import("../settings/shapes.js").Capture} Capture
 */

const MOST_PROMPTS = 10;
const LONGEST_PROMPT = 200;
const MOST_ORIGINS = 100;

/** @param {any} form @returns {Part} */
export const lookPart = (form) => {
  const { elements } = form;
  const stops = new StopList(form);
  return {
    of: (/** @type {Project} */ { settings: { look, widget } }) => ({
      ...Object.fromEntries(["color", "gradient_stops", "position", "avatar", "show_branding", "custom_css"].map((one) => [one, look[/** @type {keyof Look} */ (one)]])),
      theme: widget.theme,
    }),
    fill: (/** @type {Look & {theme: string}} */ saved) => {
      elements.color.value = saved.color.toLowerCase();
      elements.theme.value = saved.theme;
      elements.position.value = saved.position;
      elements.avatar.value = saved.avatar ?? "";
      elements.branding.checked = saved.show_branding;
      elements.css.value = saved.custom_css;
      if (saved.custom_css) byId("css-box").open = true;
      stops.fill(saved.gradient_stops);
    },
    body: () => ({
      settings: {
        look: {
          color: elements.color.value,
          gradient_stops: stops.value,
          position: elements.position.value,
          avatar: elements.avatar.value.trim() || null,
          show_branding: elements.branding.checked,
          custom_css: elements.css.value,
        },
        widget: { theme: elements.theme.value },
      },
    }),
    check: () => stops.check(),
    fieldOf: (path) => {
      if (path.startsWith("settings.look.gradient_stops")) return stops.fieldOf(path);
      const fields = { color: "color", position: "position", avatar: "avatar", show_branding: "branding", custom_css: "css", theme: "theme" };
      const [, name = ""] = path.match(/^settings\.(?:look|widget)\.(\w+)/) ?? [];
      return elements[/** @type {Record<string, string>} */ (fields)[name]] ?? null;
    },
  };
};

/** @param {any} form @returns {Part} */
export const beginPart = ({ elements }) => ({
  of: (/** @type {Project} */ { settings: { look } }) => ({ welcome: look.welcome, quick_prompts: look.quick_prompts }),
  fill: (/** @type {{welcome: string | null, quick_prompts: string[]}} */ saved) => {
    elements.welcome.value = saved.welcome ?? "";
    elements.prompts.value = saved.quick_prompts.join("\n");
  },
  body: () => ({
    settings: { look: { welcome: elements.welcome.value.trim() || null, quick_prompts: lines(elements.prompts.value) } },
  }),
  check: () => {
    const prompts = lines(elements.prompts.value);
    const long = prompts.findIndex((one) => [...one].length > LONGEST_PROMPT);
    if (prompts.length > MOST_PROMPTS) {
      return [{ field: elements.prompts, text: `There are ${prompts.length} questions; keep ${MOST_PROMPTS} at most.` }];
    }
    return long < 0 ? [] : [{ field: elements.prompts, text: `Line ${long + 1} is longer than ${LONGEST_PROMPT} characters.` }];
  },
  fieldOf: (path) => {
    if (path.startsWith("settings.look.quick_prompts")) return elements.prompts;
    return path === "settings.look.welcome" ? elements.welcome : null;
  },
});

/** @param {any} form @returns {Part} */
export const contactPart = (form) => {
  const { elements } = form;
  const ticks = /** @type {HTMLInputElement[]} */ ([...elements.field]);
  const chosen = () => ticks.filter((one) => one.checked).map((one) => one.value);
  const adjust = () => {
    byId("contact-fields").hidden = !elements.enabled.checked;
  };
  form.addEventListener("change", adjust);
  return {
    of: (/** @type {Project} */ { settings: { widget, lead_capture: { enabled, fields, message } } }) => ({ offers_person: widget.offers_person, enabled, fields, message }),
    fill: (/** @type {Capture & {offers_person: boolean}} */ saved) => {
      elements.offers_person.checked = saved.offers_person;
      elements.enabled.checked = saved.enabled;
      elements.message.value = saved.message;
      for (const one of ticks) one.checked = saved.fields.includes(one.value);
      adjust();
    },
    body: () => ({
      settings: {
        widget: { offers_person: elements.offers_person.checked },
        lead_capture: { enabled: elements.enabled.checked, fields: chosen(), message: elements.message.value.trim() },
      },
    }),
    check: () =>
      elements.enabled.checked && !chosen().length
        ? [{ field: ticks[1], text: "Choose at least one, or don't ask." }]
        : [],
    fieldOf: (path) => (path === "settings.lead_capture.message" ? elements.message : null),
  };
};

/** @param {any} form @returns {Part} */
export const sitesPart = ({ elements }) => ({
  of: (/** @type {Project} */ { settings }) => ({ origins: settings.allowed_origins, shares: settings.widget.shares_subdomains }),
  fill: (/** @type {{origins: string[], shares: boolean}} */ { origins, shares }) => {
    elements.origins.value = origins.join("\n");
    elements.shares_subdomains.checked = shares;
  },
  body: () => ({
    settings: { allowed_origins: lines(elements.origins.value), widget: { shares_subdomains: elements.shares_subdomains.checked } },
  }),
  check: () => {
    const many = lines(elements.origins.value).length;
    return many > MOST_ORIGINS
      ? [{ field: elements.origins, text: `There are ${many} origins; keep ${MOST_ORIGINS} at most.` }]
      : [];
  },
  fieldOf: (path) => (path.startsWith("settings.allowed_origins") ? elements.origins : null),
});
