// @ts-check
/**
 * The person logged in on this browser, and requests in their name.
 *
 * The refresh token is in a cookie that scripts can't read and browsers send only with the refresh
 * call. The access token is only in this page's memory, so each page begins by requesting one.
 */

import { request, json, ServerError } from "./server.js";

const OWNER_KEY = "answerdesk.owner_key";
/** Not secret: whether somebody was logged in at the last check, for a link on a public page. */
const SEEN = "answerdesk:logged_in";

/**
 * @typedef {{access_token: string, role: string,
 *   user: {id: string, email: string, name: string},
 *   account: {id: string, name: string, plan: string}}} Tokens
 */

/** @type {Tokens | null} */
let known = null;

/** The refresh in progress, shared by all callers. @type {Promise<void> | null} */
let refreshing = null;

/** @returns {Tokens | null} */
export const session = () => known;

/** @returns {boolean} whether somebody was logged in on this browser at the last check */
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

/** The owner key, if the tab was opened with one. A log-in takes precedence. */
export const ownerKey = () => stored(() => sessionStorage.getItem(OWNER_KEY));

/** @param {string} key */
export const keepOwnerKey = (key) => stored(() => sessionStorage.setItem(OWNER_KEY, key));

export const forgetOwnerKey = () => stored(() => sessionStorage.removeItem(OWNER_KEY));

/** The credential for requests: the log-in's token, else the owner key, else an empty string. */
export const credential = () => known?.access_token ?? ownerKey() ?? "";

/**
 * Find out who is logged in on this browser.
 *
 * @returns {Promise<Tokens | null>} null if nobody is
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

/** Go to the log-in page, which leads back to this page. */
export function logIn() {
  const here = location.pathname + location.search + location.hash;
  location.replace(`/login?${new URLSearchParams({ next: here })}`);
}

/** Pages that only lead on to others, so never a target after logging in. */
const ON_THE_WAY = new Set(["/login", "/signup", "/forgotten", "/reset", "/invitation"]);

/** @returns {string} where to go after logging in: `next` if it is one of our pages */
export function afterLogIn() {
  const next = new URLSearchParams(location.search).get("next") ?? "";
  // Browsers may resolve an address differently from how it looks, so let URL parse it.
  if (!next.startsWith("/") || !URL.canParse(next, location.origin)) return "/app";
  const { origin, pathname, search, hash } = new URL(next, location.origin);
  const isOwn = origin === location.origin && !pathname.startsWith("//");
  return isOwn && !ON_THE_WAY.has(pathname) ? pathname + search + hash : "/app";
}

/**
 * Go to the log-in page if an error says that the log-in has ended. Drafts of typed text are kept.
 *
 * @param {unknown} error @returns {boolean} whether it says so
 */
export function isLoggedOut(error) {
  if (!(error instanceof ServerError) || error.status !== 401) return false;
  forgetSession();
  forgetOwnerKey();
  logIn();
  return true;
}

/** End this browser's log-in, or all log-ins of the person. @param {boolean} [everywhere] */
export async function logOut(everywhere = false) {
  try {
    await authorised("/v1/auth/logout", withCookie(json({ cookie: true, everywhere })));
  } catch (error) {
    // 401 means already logged out, which is no failure.
    if (!(error instanceof ServerError) || error.status !== 401) throw error;
  }
  forgetSession();
  location.assign("/login");
}

/**
 * Send a request that logs somebody in, and keep the log-in in the cookie and in this page.
 *
 * @param {string} path @param {object} body
 */
export async function begin(path, body) {
  const response = await request(path, withCookie(json({ ...body, cookie: true })));
  keepSession(await response.json());
}

/**
 * Call the native API as the logged-in person; an expired token is renewed once.
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
 * Send a request as the logged-in person and return the raw response.
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

/** Get a new access token; concurrent callers share one request. */
export async function renew() {
  refreshing ??= refresh().finally(() => (refreshing = null));
  await refreshing;
}

async function refresh() {
  // Leaving the page must not lose the response, which may set the next cookie.
  const options = { ...withCookie(json({ cookie: true })), keepalive: true };
  /** @type {Tokens} */
  const fresh = await (await request("/v1/auth/refresh", options)).json();
  const isOther =
    known && (known.user.id !== fresh.user.id || known.account.id !== fresh.account.id);
  keepSession(fresh);
  if (isOther) {
    // Somebody else has logged in in another tab; send nothing from here in their name.
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

/** @template T @param {() => T} use a store that may be disabled @returns {T | null} */
function stored(use) {
  try {
    return use();
  } catch {
    return null;
  }
}
