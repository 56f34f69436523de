// @ts-check
/**
 * The native API's responses, as far as this page reads them.
 *
 * @typedef {"queued" | "fetching" | "indexing" | "done" | "failed" | "cancelled"} SyncState
 * @typedef {"found" | "good" | "failed" | "skipped" | "gone"} PageState
 * @typedef {"pending" | "ready" | "failed"} DocumentState
 * @typedef {"added" | "changed" | "removed" | "failed" | "held"} ChangeKind
 *
 * @typedef {{id: string, cause: string, state: SyncState, error_code: string | null,
 *   error: string | null, found: number, waiting: number, fetched: number, unchanged: number,
 *   added: number, changed: number, removed: number, removals_held: number, failed: number,
 *   skipped: number, parsed: number, indexing: number, chunks_embedded: number,
 *   pages_per_minute: number | null, seconds_left: number | null, created_at: string,
 *   started_at: string | null, finished_at: string | null}} Sync
 * @typedef {{name: "progress" | "done", data: Sync}
 *   | {name: "error", data: {code: string, detail: string}}} Progress
 *
 * @typedef {{id: string, kind: "text" | "qa" | "file" | "folder" | "page" | "site", name: string,
 *   pending: number, ready: number, failed: number, url: string | null,
 *   settings: {include: string[], exclude: string[], max_pages: number | null} | null,
 *   sync_every_hours: number | null, next_sync_at: string | null, last_sync: Sync | null}} Source
 *
 * @typedef {{id: string, url: string, title: string | null, state: PageState,
 *   reason: string | null, found_by: string, linked_from: string | null,
 *   http_status: number | null, redirected_to: string | null, chunk_count: number | null,
 *   first_seen_at: string, last_seen_at: string | null, fetched_at: string | null,
 *   changed_at: string | null, gone_at: string | null}} WebPage
 *
 * @typedef {{id: string, path: string, title: string | null, url: string | null,
 *   media_type: string, status: DocumentState, error: string | null, note: string | null,
 *   chunk_count: number,
 *   chunks_total: number | null, chunks_done: number | null, created_at: string,
 *   changed_at: string}} StoredDocument
 *
 * @typedef {{change: ChangeKind, url: string, title: string | null, reason: string | null,
 *   chunks_added: number, chunks_removed: number}} PageChange
 *
 * @typedef {{id: string, question: string, answer: string, category: string | null,
 *   tags: string[], status: DocumentState, error: string | null, updated_at: string}} Item
 * @typedef {{category: string, count: number}} Category
 *
 * @typedef {{question: string | null, answer_excerpt: string, created_at: string}} AnswerThatUsed
 *
 * @typedef {{to: string, state: string, done: number, total: number,
 *   chunks_per_minute: number | null, seconds_left: number | null, error: string | null}} ModelChange
 * @typedef {{space: string, complete: boolean}} PreviousModel
 * @typedef {{space: string, installed: boolean, languages: string[]}} ModelSuggestion
 * @typedef {{space: string, usable: boolean,
 *   available: {space: string, dimensions: number | null}[], change: ModelChange | null,
 *   previous: PreviousModel | null, suggestion: ModelSuggestion | null}} Embedding
 *
 * @typedef {{done: number, total: number, error: string | null}} Rereading
 * @typedef {{version: number, older: number, kept: number, running: Rereading | null}} Reading
 */

/** @template T @typedef {{items: T[], next_cursor: string | null}} Listing one page of a list */

export {};
