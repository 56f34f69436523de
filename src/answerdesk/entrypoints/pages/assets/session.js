// @ts-check
/** The log-in of this tab: its tokens, and requests that carry them. */

import { request, json, ServerError } from "./server.js";

const KEY = "answerdesk.session";
const OWNER_KEY = "answerdesk.owner_key";
const RETURN_TO = "answerdesk.return_to";

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

/** The owner's key, for a tab that was opened with it. A log-in goes before it. */
export const ownerKey = () => sessionStorage.getItem(OWNER_KEY);

/** @param {string} key */
export const keepOwnerKey = (key) => sessionStorage.setItem(OWNER_KEY, key);

export const forgetOwnerKey = () => sessionStorage.removeItem(OWNER_KEY);

/** What requests carry: the log-in's token, else the owner's key, else nothing. */
export const credential = () => session()?.access_token ?? ownerKey() ?? "";

/** Go and log in, and come back to this page then. */
export function logIn() {
  sessionStorage.setItem(RETURN_TO, location.pathname + location.search + location.hash);
  location.replace("/login");
}

/** @returns {string} where to go after logging in: back, or to one's account */
export function afterLogIn() {
  const path = sessionStorage.getItem(RETURN_TO) ?? "";
  sessionStorage.removeItem(RETURN_TO);
  return path.startsWith("/") && !path.startsWith("//") ? path : "/account";
}

/**
 * Go and log in if an error says that nobody is logged in any more; what is typed is kept as drafts.
 *
 * @param {unknown} error @returns {boolean} whether it does
 */
export function isLoggedOut(error) {
  if (!(error instanceof ServerError) || error.status !== 401) return false;
  forgetSession();
  forgetOwnerKey();
  logIn();
  return true;
}

/** One refresh at a time: a second one with the same token would look like a stolen one. */
let refreshing = null;

/**
 * Ask the native API as whoever is logged in; a token that has run out is renewed once.
 *
 * @param {string} method @param {string} path @param {object} [body]
 * @param {Record<string, string>} [headers]
 */
export async function ask(method, path, body, headers) {
  const options = body === undefined ? {} : json(body);
  const response = await authorised(path, {
    ...options,
    method,
    headers: { ...options.headers, ...headers },
  });
  return response.status === 204 ? null : response.json();
}

/**
 * Send a request as whoever is logged in, and return the response as it comes.
 *
 * @param {string} path @param {RequestInit} [options] @returns {Promise<Response>}
 */
export async function authorised(path, options = {}) {
  try {
    return await send(path, options);
  } catch (error) {
    if (!(error instanceof ServerError) || error.status !== 401 || !session()) throw error;
    await renew();
    return send(path, options);
  }
}

/** Renew the log-in's token, once for all who ask for it meanwhile. */
export async function renew() {
  refreshing ??= refresh().finally(() => (refreshing = null));
  await refreshing;
}

async function refresh() {
  const response = await request(
    "/v1/auth/refresh",
    json({ refresh_token: session()?.refresh_token ?? "" }),
  );
  keepSession(await response.json());
}

/** @param {string} path @param {RequestInit} options */
function send(path, options) {
  const headers = { ...options.headers, Authorization: `Bearer ${credential()}` };
  return request(path, { ...options, headers });
}
