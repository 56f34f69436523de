// @ts-check
/**
 * The native API's responses, as far as this page reads them.
 *
 * @typedef {"openai" | "anthropic" | "google" | "compatible"} Provider
 * @typedef {{id: string, name: string, project_id: string}} UsingAgent
 * @typedef {{id: string, project_id: string | null, name: string, provider: Provider,
 *   url: string | null, model: string, max_tokens: number, input_price: number | null,
 *   output_price: number | null, currency: string | null, has_key: boolean,
 *   key_end: string | null, fallback: string | null, agents: UsingAgent[]}} Model
 * @typedef {{milliseconds: number, answer: string | null, error: string | null}} Tested
 * @typedef {{url: string | null, models: string[], setting: string | null}} Nearby
 * @typedef {{id: string, name: string, active: boolean, model: string | null}} Agent
 *
 * @typedef {{tokens: number, money: number, most_tokens: number | null,
 *   most_money: number | null}} Counted
 * @typedef {{day: Counted, month: Counted}} Spending
 * @typedef {{answers: number, input_tokens: number, output_tokens: number, money: number}} Answers
 * @typedef {{project_id: string, name: string, day: Answers, month: Answers}} ModelUsage
 * @typedef {{currency: string | null, account: Spending | null,
 *   projects: (Spending & {project_id: string})[], models: ModelUsage[]}} Usage
 *
 * @typedef {{tokens: number | null, money: number | null}} Cap
 */

export {};
