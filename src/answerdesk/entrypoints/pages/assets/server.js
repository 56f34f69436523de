// @ts-check
/** Sends requests to the server, and says in people's words what went wrong. */

const UNREACHABLE = "The server cannot be reached. Check your connection and try again.";

/** @typedef {{row: number, field: string | null, message: string}} Fault */

/** Something that went wrong, with a text for people. */
export class ServerError extends Error {
  /** @param {string} message @param {string} [code] the server's code, if it answered
   * @param {number} [status] the answer's status
   * @param {Fault[]} [rows] what is wrong by row */
  constructor(message, code = "", status = 0, rows = []) {
    super(message);
    this.code = code;
    this.status = status;
    this.rows = rows;
  }
}

/** @param {object} body @param {AbortSignal} [signal] @returns {RequestInit} */
export function json(body, signal) {
  const headers = { "Content-Type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body), signal };
}

/** @param {string} path @param {RequestInit} options @returns {Promise<Response>} */
export async function request(path, options) {
  let response;
  try {
    // No cookie goes along unless a call is made for it.
    response = await fetch(path, { credentials: "omit", ...options });
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw new ServerError(UNREACHABLE);
  }
  if (response.ok) return response;
  throw problemOf(response.status, await response.json().catch(() => ({})));
}

/**
 * Say what a refused request was answered.
 *
 * @param {number} status
 * @param {{detail?: string, code?: string, errors?: Fault[]}} told the answer's body
 * @returns {ServerError}
 */
export function problemOf(status, told) {
  const text = told.detail ?? `The server answered with status ${status}.`;
  return new ServerError(text, told.code, status, told.errors);
}
