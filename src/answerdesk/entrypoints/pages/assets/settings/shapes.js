// @ts-check
/**
 * The native API's responses, as far as these pages read them.
 *
 * @typedef {{start: string, end: string}} Interval
 * @typedef {{date: string, name: string | null}} Holiday
 * @typedef {{timezone: string, days: Record<string, Interval[]>, holidays: Holiday[]}} Hours
 * @typedef {{color: string, at: number}} Stop
 * @typedef {{color: string, gradient_stops: Stop[], position: string, welcome: string | null,
 *   quick_prompts: string[], avatar: string | null, show_branding: boolean, custom_css: string}} Look
 * @typedef {Record<string, Record<string, string>>} Texts by language and key
 * @typedef {{theme: string, offers_person: boolean, shares_subdomains: boolean, texts: Texts}} Widget
 * @typedef {{enabled: boolean, fields: string[], message: string, consent_text: string | null}} Capture
 * @typedef {{per_day: number | null, per_visitor_per_day: number | null}} Caps
 * @typedef {{retention_days: number | null, lead_retention_days: number | null, redact: boolean,
 *   mask_cards: boolean}} Privacy
 * @typedef {{look: Look, widget: Widget, office_hours: Hours, allowed_origins: string[],
 *   message_caps: Caps, privacy: Privacy, lead_capture: Capture}} ProjectSettings
 * @typedef {{id: string, name: string, tag: string, settings: ProjectSettings}} Project
 *
 * @typedef {{id: string, name: string, active: boolean, greeting: string | null,
 *   availability: "always" | "office_hours" | "own_hours"}} Agent
 *
 * @typedef {{id: string, name: string, prefix: string, hint: string, scopes: string[],
 *   project_ids: string[] | null, created_by: string, created_at: string,
 *   expires_at: string | null, last_used_at: string | null, revoked_at: string | null}} Key
 * @typedef {Key & {key: string}} KeyMade
 */

export {};
