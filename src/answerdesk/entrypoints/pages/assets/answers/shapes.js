// @ts-check
/**
 * What the native API tells of how a message was handled, as far as this page reads it. A field may
 * be missing: older answers have fewer.
 *
 * @typedef {{sentence: string, supported: boolean | null, passages: number[], score: number,
 *   actions?: string[], reason: string | null}} Verdict
 *
 * @typedef {{tool: string, verdict: string, result: string, arguments?: Record<string, unknown>,
 *   milliseconds?: number, error?: string | null}} Call
 *
 * @typedef {{model?: string | null, attempts?: number | null, failed?: string | null,
 *   first_token_milliseconds?: number | null, milliseconds?: number, input_tokens?: number | null,
 *   output_tokens?: number | null, tokens_estimated?: boolean, cost?: string | null,
 *   reason?: string | null, no_answer?: boolean, verification?: string, knowledge?: string,
 *   prompt?: {role: string, text: string}[], passages?: string[], verdicts?: Verdict[],
 *   calls?: Call[], calls_ignored?: number}} Generation
 *
 * @typedef {{chunk: string, document: string, title?: string, score: number, bm25: number,
 *   similarity: number, reranker?: number | null, chosen?: boolean}} Candidate
 *
 * @typedef {{rewritten?: string, language?: string, terms?: string[],
 *   corrections?: Record<string, string>, synonyms?: Record<string, string[]>, halves?: string[],
 *   queries?: string[], milliseconds?: number, stages?: Record<string, number>,
 *   candidates?: Candidate[], generation?: Generation}} Trace
 *
 * @typedef {{state: string, attempt: number, error_code: string | null, decision: string | null,
 *   trace: Trace | null}} Turn
 *
 * @typedef {{title: string, quote: string, url: string}} Source
 *
 * @typedef {{id: string, author: string, content: string, sources: Source[], confidence: number | null,
 *   question_id: string | null, turn: Turn | null}} Message
 */

export {};
