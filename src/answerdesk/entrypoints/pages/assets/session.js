// @ts-check
/**
 * Logging in on this browser, for the pages that lead to the dashboard.
 *
 * The refresh token is in a cookie that scripts can't read and browsers send only with the refresh
 * call. The dashboard gets its access tokens with it.
 */

import { request, json, ServerError } from "./server.js";

const OWNER_KEY = "answerdesk.owner_key";
/** Not secret: whether somebody was logged in at the last check, for a link on a public page. */
const SEEN = "answerdesk:logged_in";

/** @returns {boolean} whether somebody was logged in on this browser at the last check */
export const wasLoggedIn = () => stored(() => localStorage.getItem(SEEN)) !== null;

/** The owner key, if the tab was opened with one. A log-in takes precedence. */
export const ownerKey = () => stored(() => sessionStorage.getItem(OWNER_KEY));

/** @returns {Promise<boolean>} whether somebody is logged in on this browser */
export async function isLoggedIn() {
  // Leaving the page must not lose the response, which may set the next cookie.
  const options = { ...withCookie(json({ cookie: true })), keepalive: true };
  try {
    await request("/v1/auth/refresh", options);
  } catch (error) {
    if (!(error instanceof ServerError) || error.status !== 401) throw error;
    stored(() => localStorage.removeItem(SEEN));
    return false;
  }
  remember();
  return true;
}

/**
 * Send a request that logs somebody in, and keep the log-in in the cookie.
 *
 * @param {string} path @param {object} body
 */
export async function begin(path, body) {
  await request(path, withCookie(json({ ...body, cookie: true })));
  remember();
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

function remember() {
  stored(() => localStorage.setItem(SEEN, "yes"));
  stored(() => sessionStorage.removeItem(OWNER_KEY));
}

/** @param {RequestInit} options of a call that sets or uses the cookie */
const withCookie = (options) => ({ ...options, credentials: /** @type {const} */ ("same-origin") });

/** @template T @param {() => T} use a store that may be disabled @returns {T | null} */
function stored(use) {
  try {
    return use();
  } catch {
    return null;
  }
}
