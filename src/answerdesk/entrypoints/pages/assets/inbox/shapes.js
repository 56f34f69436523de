// @ts-check
/**
 * The native API's responses, as far as the inbox page reads them.
 *
 * @typedef {"ai" | "waiting" | "human" | "closed"} State
 * @typedef {"reply" | "note"} Mode
 *
 * @typedef {{id: string, identity: string | null, external_id: string | null,
 *   email: string | null, name: string | null}} VisitorBrief
 *
 * @typedef {{id: string, project_id: string, state: State, visitor: VisitorBrief | null,
 *   page_url: string | null, latest_message: {author: string, content: string} | null,
 *   escalated_at: string | null, created_at: string, updated_at: string, version: number,
 *   assignee_id: string | null, waiting_since: string | null, snoozed_until: string | null,
 *   visitor_wrote_at: string, visitor_said: string | null, latest_message_id: string | null, tags: string[],
 *   sla_due_at: string | null, sla_breached: boolean}} Entry
 *
 * @typedef {{kind: Mode, content: string, version: number, updated_at: string | null}} DraftOut
 * @typedef {{conversation_id: string, read_at: string | null, drafts: DraftOut[]}} Own
 * @typedef {Entry & {own: Own | null}} ListedEntry
 *
 * @typedef {{waiting: number, mine: number, unassigned: number, with_people: number,
 *   unread: number, snoozed: number}} Counts
 *
 * @typedef {{user_id: string, member_id: string, name: string | null, email: string,
 *   online: boolean, conversation_ids: string[]}} Person
 *
 * @typedef {{cursor: string, counts: Counts, entries: ListedEntry[], next_cursor: string | null,
 *   projects: string[], people: Person[]}} Snapshot
 *
 * @typedef {Omit<import("../visitor.js").StoredMessage, "certainty"> &
 *   {confidence: number | null, conversation_id?: string, question_id?: string | null,
 *   sender_id?: string | null, feedback: {rating: string, reason: string | null} | null}} Message
 *
 * @typedef {{id: string, conversation_id: string, author: {id: string, name: string | null} | null,
 *   content: string, created_at: string}} Note
 *
 * @typedef {{id: string, project_id: string | null, personal: boolean, shortcut: string,
 *   title: string, content: string}} CannedReply
 *
 * @typedef {{id: string, project_id: string, identity: string | null, verified: boolean,
 *   external_id: string | null, name: string | null, email: string | null,
 *   attributes: Record<string, unknown>, first_seen_at: string, last_seen_at: string,
 *   conversation_count: number, lead_count: number}} Contact
 *
 * @typedef {{id: string, name: string, email: string} | null} Me null for a key
 *
 * @typedef {"waiting" | "lead" | "assigned" | "reply" | "sla"} NoticeKind
 * @typedef {{mail: boolean, browser: boolean}} Channels
 * @typedef {Record<NoticeKind, Channels> & {projects: string[] | null, is_default: boolean,
 *   quiet_hours: {timezone: string, days: Record<string, {start: string, end: string}[]>} | null,
 *   mail: "mailed" | "written", mail_note: string | null}} Preferences
 * @typedef {{id: string, kind: NoticeKind, conversation_id: string | null,
 *   lead_id: string | null, text: string}} Notice
 */

/** @template T @typedef {{items: T[], next_cursor: string | null}} Listing one page of a list */

export {};
