/** The widget's settings as they stand in fields. */
import type { Schemas } from "../../../../api/client.ts";
import type { Checked } from "../../draft.ts";
import { lines } from "../../values.ts";
import type { Project } from "../project.ts";
import { type Texts, textsPatch } from "../owntexts.ts";
import type { OwnTexts } from "./queries.ts";

export type Stop = { color: string; at: string };
type LeadField = Schemas["LeadCapture"]["fields"][number];

export const LEAD_FIELDS: readonly LeadField[] = ["name", "email", "phone"];

export const lookOf = ({ settings: { look, widget, lead_capture } }: Project) => ({
  color: look.color.toLowerCase(),
  theme: widget.theme as string,
  position: look.position as string,
  avatar: look.avatar ?? "",
  branding: look.show_branding,
  css: look.custom_css,
  stops: look.gradient_stops.map(({ color, at }): Stop => ({ color: color.toLowerCase(), at: String(at) })),
  welcome: look.welcome ?? "",
  prompts: look.quick_prompts.join("\n"),
  offersPerson: widget.offers_person,
  asks: lead_capture.enabled,
  fields: lead_capture.fields as readonly LeadField[],
  message: lead_capture.message,
  texts: (widget.texts ?? {}) as Texts,
});

export type LookDraft = ReturnType<typeof lookOf>;

export const lookPatch = (draft: LookDraft, base: LookDraft) => ({
  look: {
    color: draft.color,
    gradient_stops: draft.stops.map(({ color, at }) => ({ color, at: at === "" ? 0 : Number(at) })),
    position: draft.position,
    avatar: draft.avatar.trim() || null,
    show_branding: draft.branding,
    custom_css: draft.css,
    welcome: draft.welcome.trim() || null,
    quick_prompts: lines(draft.prompts),
  },
  widget: { theme: draft.theme, offers_person: draft.offersPerson, texts: textsPatch(draft.texts, base.texts) },
  lead_capture: { enabled: draft.asks, fields: LEAD_FIELDS.filter((one) => draft.fields.includes(one)), message: draft.message.trim() },
});

const MOST_PROMPTS = 10;
const LONGEST_PROMPT = 200;
const PLACE = /\{([a-z_]{1,40})\}/g;

export const placesIn = (text: string): string[] => text.match(PLACE) ?? [];

type Said = {
  color: string;
  percent: string;
  tooManyPrompts: (count: number, most: number) => string;
  longPrompt: (place: number, most: number) => string;
  chooseField: string;
  unknownPlace: (place: string, known: string) => string;
};

export function lookFaults(draft: LookDraft, own: OwnTexts, said: Said): Checked {
  const prompts = lines(draft.prompts);
  const long = prompts.findIndex((one) => [...one].length > LONGEST_PROMPT);
  const isColor = (color: string) => /^#[0-9a-f]{6}$/i.test(color);
  const isPercent = (at: string) => at.trim() !== "" && Number(at) >= 0 && Number(at) <= 100;
  return {
    "settings.look.color": !isColor(draft.color) && said.color,
    ...Object.fromEntries(draft.stops.map(({ color }, place) => [`settings.look.gradient_stops[${place}].color`, !isColor(color) && said.color])),
    ...Object.fromEntries(draft.stops.map(({ at }, place) => [`settings.look.gradient_stops[${place}].at`, !isPercent(at) && said.percent])),
    "settings.look.quick_prompts": (prompts.length > MOST_PROMPTS && said.tooManyPrompts(prompts.length, MOST_PROMPTS)) || (long >= 0 && said.longPrompt(long + 1, LONGEST_PROMPT)),
    "settings.lead_capture.fields": draft.asks && draft.fields.length === 0 && said.chooseField,
    ...placeFaults(draft.texts, own, said),
  };
}

export const textPath = (language: string, key: string) => `settings.widget.texts["${language}"]["${key}"]`;

function placeFaults(texts: Texts, own: OwnTexts, said: Said): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [language, keys] of Object.entries(texts)) {
    for (const [key, text] of Object.entries(keys)) {
      const known = placesIn(own.texts[own.fallback]?.[key] ?? "");
      const unknown = placesIn(text).find((one) => !known.includes(one));
      if (unknown) found[textPath(language, key)] = said.unknownPlace(unknown, known.join(", "));
    }
  }
  return found;
}
