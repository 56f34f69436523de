// @ts-check
/** The log-in of this tab: its tokens, and requests that carry them. */

import { request, json, ServerError } from "./server.js";

const KEY = "answerdesk.session";

/**
 * @typedef {{access_token: string, refresh_token: string, role: string,
 *   user: {id: string, email: string, name: string},
 *   account: {id: string, name: string, plan: string}}} Tokens
 */

/** @returns {Tokens | null} */
export function session() {
  const kept = sessionStorage.getItem(KEY);
  return kept === null ? null : JSON.parse(kept);
}

/** @param {Tokens} tokens */
export const keepSession = (tokens) => sessionStorage.setItem(KEY, JSON.stringify(tokens));

export const forgetSession = () => sessionStorage.removeItem(KEY);

/** One refresh at a time: a second one with the same token would look like a stolen one. */
let refreshing = null;

/**
 * Ask the native API as whoever is logged in; a token that has run out is renewed once.
 *
 * @param {string} method @param {string} path @param {object} [body]
 */
export async function ask(method, path, body) {
  try {
    return await send(method, path, body);
  } catch (error) {
    if (!(error instanceof ServerError) || error.status !== 401) throw error;
    refreshing ??= refresh().finally(() => (refreshing = null));
    await refreshing;
    return send(method, path, body);
  }
}

async function refresh() {
  const response = await request(
    "/v1/auth/refresh",
    json({ refresh_token: session()?.refresh_token ?? "" }),
  );
  keepSession(await response.json());
}

/** @param {string} method @param {string} path @param {object} [body] */
async function send(method, path, body) {
  const options = body === undefined ? {} : json(body);
  const headers = { ...options.headers, Authorization: `Bearer ${session()?.access_token ?? ""}` };
  const response = await request(path, { ...options, method, headers });
  return response.status === 204 ? null : response.json();
}
