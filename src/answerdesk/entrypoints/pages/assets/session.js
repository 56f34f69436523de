// @ts-check
/**
 * Whoever is logged in in this browser, and requests as that person.
 *
 * The refresh token is in a cookie that only the refresh call gets and that no script reads. The
 * access token is in this page's memory alone, so that each page begins by asking for one.
 */

import { request, json, ServerError } from "./server.js";

const OWNER_KEY = "answerdesk.owner_key";
/** No secret: whether somebody was logged in when last asked, for a link on a public page. */
const SEEN = "answerdesk:logged_in";

/**
 * @typedef {{access_token: string, role: string,
 *   user: {id: string, email: string, name: string},
 *   account: {id: string, name: string, plan: string}}} Tokens
 */

/** @type {Tokens | null} */
let known = null;

/** One refresh at a time, for all who ask meanwhile. @type {Promise<void> | null} */
let refreshing = null;

/** @returns {Tokens | null} */
export const session = () => known;

/** @returns {boolean} whether somebody was logged in in this browser when last asked */
export const wasLoggedIn = () => stored(() => localStorage.getItem(SEEN)) !== null;

/** @param {Tokens} tokens */
export function keepSession(tokens) {
  known = tokens;
  stored(() => localStorage.setItem(SEEN, "yes"));
  forgetOwnerKey();
}

export function forgetSession() {
  known = null;
  stored(() => localStorage.removeItem(SEEN));
}

/** The owner's key, for a tab that was opened with it. A log-in goes before it. */
export const ownerKey = () => stored(() => sessionStorage.getItem(OWNER_KEY));

/** @param {string} key */
export const keepOwnerKey = (key) => stored(() => sessionStorage.setItem(OWNER_KEY, key));

export const forgetOwnerKey = () => stored(() => sessionStorage.removeItem(OWNER_KEY));

/** What requests carry: the log-in's token, else the owner's key, else nothing. */
export const credential = () => known?.access_token ?? ownerKey() ?? "";

/**
 * Find out who is logged in in this browser.
 *
 * @returns {Promise<Tokens | null>} null when nobody is (any more)
 */
export async function resume() {
  try {
    await renew();
  } catch (error) {
    if (!(error instanceof ServerError) || error.status !== 401) throw error;
    forgetSession();
  }
  return known;
}

/** Go and log in, and come back to this page then. */
export function logIn() {
  const here = location.pathname + location.search + location.hash;
  location.replace(`/login?${new URLSearchParams({ next: here })}`);
}

/** Pages that lead on to others and are nothing to come back to. */
const ON_THE_WAY = new Set(["/login", "/signup", "/forgotten", "/reset", "/invitation"]);

/** @returns {string} where to go after logging in: where `next` says, if that is a page of ours */
export function afterLogIn() {
  const next = new URLSearchParams(location.search).get("next") ?? "";
  // What a browser makes of an address can differ from how it looks, so the browser is asked.
  if (!next.startsWith("/") || !URL.canParse(next, location.origin)) return "/account";
  const { origin, pathname, search, hash } = new URL(next, location.origin);
  const isOwn = origin === location.origin && !pathname.startsWith("//");
  return isOwn && !ON_THE_WAY.has(pathname) ? pathname + search + hash : "/account";
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

/** End this browser's log-in, or all of the person's. @param {boolean} [everywhere] */
export async function logOut(everywhere = false) {
  try {
    await authorised("/v1/auth/logout", withCookie(json({ cookie: true, everywhere })));
  } catch (error) {
    // Who is out already is not told that it failed.
    if (!(error instanceof ServerError) || error.status !== 401) throw error;
  }
  forgetSession();
  location.assign("/login");
}

/**
 * Send what logs somebody in, and keep the log-in: in the cookie, and in this page.
 *
 * @param {string} path @param {object} body
 */
export async function begin(path, body) {
  const response = await request(path, withCookie(json({ ...body, cookie: true })));
  keepSession(await response.json());
}

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

/** Get a new access token, once for all who ask for it meanwhile. */
export async function renew() {
  refreshing ??= refresh().finally(() => (refreshing = null));
  await refreshing;
}

async function refresh() {
  // A page that is left meanwhile must not lose the answer, which may bring the next cookie.
  const options = { ...withCookie(json({ cookie: true })), keepalive: true };
  /** @type {Tokens} */
  const fresh = await (await request("/v1/auth/refresh", options)).json();
  const isOther =
    known && (known.user.id !== fresh.user.id || known.account.id !== fresh.account.id);
  keepSession(fresh);
  if (isOther) {
    // Somebody else has logged in in another tab: nothing is sent in that one's name from here.
    location.reload();
    await new Promise(() => {});
  }
}

/** @param {RequestInit} options of a call that sets, uses or clears the cookie */
const withCookie = (options) => ({ ...options, credentials: /** @type {const} */ ("same-origin") });

/** @param {string} path @param {RequestInit} options */
function send(path, options) {
  const headers = { ...options.headers, Authorization: `Bearer ${credential()}` };
  return request(path, { ...options, headers });
}

/** @template T @param {() => T} use a store that may be switched off @returns {T | null} */
function stored(use) {
  try {
    return use();
  } catch {
    return null;
  }
}
