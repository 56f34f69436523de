// @ts-check
/** Sends requests to the server and turns failures into errors that people can read. */

const UNREACHABLE = "The server cannot be reached. Check your connection and try again.";

/** @typedef {{row: number, field: string | null, message: string}} Fault */

/** Something that went wrong, with a text for people. */
export class ServerError extends Error {
  /** @param {string} message @param {string} [code] the server's error code, if it responded
   * @param {number} [status] the response's status
   * @param {Fault[]} [rows] errors by row */
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
    // Send no cookie unless the caller asks for it.
    response = await fetch(path, { credentials: "omit", ...options });
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw new ServerError(UNREACHABLE);
  }
  if (response.ok) return response;
  throw problemOf(response.status, await response.json().catch(() => ({})));
}

/**
 * Make an error from a problem response.
 *
 * @param {number} status
 * @param {{detail?: string, code?: string, errors?: Fault[]}} told the response's body
 * @returns {ServerError}
 */
function problemOf(status, told) {
  const text = told.detail ?? `The server responded with status ${status}.`;
  return new ServerError(text, told.code, status, told.errors);
}
