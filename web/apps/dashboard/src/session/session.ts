/**
 * The person logged in on this browser, and requests in their name.
 *
 * The refresh token is in a cookie that scripts can't read and browsers send only with the refresh
 * call. The access token is only in this page's memory, so each page begins by requesting one.
 */
import { Problem, request, withJson } from "@answerdesk/api";

export type Tokens = {
  access_token: string;
  role: "owner" | "admin" | "agent" | "viewer";
  user: { id: string; email: string; name: string };
  account: { id: string; name: string; plan: string };
};

const OWNER_KEY = "answerdesk.owner_key";
/** Not secret: whether somebody was logged in at the last check, for a link on a public page. */
const SEEN = "answerdesk:logged_in";

let known: Tokens | null = null;
/** The refresh in progress, shared by all callers. */
let refreshing: Promise<void> | null = null;

export const session = () => known;

/** The owner key, if the tab was opened with one. A log-in takes precedence. */
export const ownerKey = () => stored(() => sessionStorage.getItem(OWNER_KEY));

/** The credential for requests: the log-in's token, else the owner key, else an empty string. */
export const credential = () => known?.access_token ?? ownerKey() ?? "";

/**
 * Find out who opened the page: somebody logged in, or the holder of the owner key, which the
 * banner's link has after the #, where it reaches neither the server nor a log.
 */
export async function arrive(): Promise<boolean> {
  const carried = new URLSearchParams(location.hash.slice(1)).get("owner_key");
  if (carried) history.replaceState(null, "", location.pathname + location.search);
  try {
    await renew();
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    forget();
    if (carried) stored(() => sessionStorage.setItem(OWNER_KEY, carried));
  }
  return credential() !== "";
}

/** Go to the log-in page, which leads back here. */
export function logIn(): void {
  const next = location.pathname + location.search + location.hash;
  location.replace(`/login?${new URLSearchParams({ next })}`);
}

/** End this browser's log-in, or all log-ins of the person. */
export async function logOut(everywhere = false): Promise<void> {
  try {
    await authorised("/v1/auth/logout", withJson({ cookie: true, everywhere }, { credentials: "same-origin" }));
  } catch (error) {
    // 401 means already logged out, which is no failure.
    if (!(error instanceof Problem) || error.status !== 401) throw error;
  }
  forget();
  stored(() => sessionStorage.removeItem(OWNER_KEY));
  location.assign("/login");
}

/** Act in another account of the same person from here on. */
export async function switchAccount(accountId: string): Promise<void> {
  const body = { account_id: accountId, cookie: true };
  await authorised("/v1/auth/switch", withJson(body, { credentials: "same-origin" }));
  location.assign("/app");
}

/** Send a request in the name of whoever is logged in; an expired token is renewed once. */
export async function authorised(path: string, options: RequestInit = {}): Promise<Response> {
  try {
    return await send(path, options);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    if (!known) return goodbye(error);
  }
  try {
    await renew();
    return await send(path, options);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return goodbye(error);
    throw error;
  }
}

/** Get a new access token; concurrent callers share one request. */
export async function renew(): Promise<void> {
  refreshing ??= refresh().finally(() => {
    refreshing = null;
  });
  await refreshing;
}

async function refresh(): Promise<void> {
  // Leaving the page must not lose the response, which may set the next cookie.
  const options = withJson({ cookie: true }, { credentials: "same-origin", keepalive: true });
  const fresh: Tokens = await (await request("/v1/auth/refresh", options)).json();
  const isOther = known && (known.user.id !== fresh.user.id || known.account.id !== fresh.account.id);
  known = fresh;
  stored(() => localStorage.setItem(SEEN, "yes"));
  stored(() => sessionStorage.removeItem(OWNER_KEY));
  if (isOther) {
    // Somebody else has logged in in another tab; send nothing from here in their name.
    location.reload();
    await new Promise(() => {});
  }
}

function send(path: string, options: RequestInit): Promise<Response> {
  const headers = new Headers(options.headers);
  headers.set("Authorization", `Bearer ${credential()}`);
  return request(path, { ...options, headers });
}

/** The log-in has ended: go and log in again. Typed drafts are kept. */
function goodbye(error: Problem): never {
  forget();
  stored(() => sessionStorage.removeItem(OWNER_KEY));
  logIn();
  throw error;
}

function forget(): void {
  known = null;
  stored(() => localStorage.removeItem(SEEN));
}

/** Use a store that the browser may have switched off. */
function stored<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}
