// @ts-check
/** The other side of the frame: the script on the website's page, in messages. */

const VERSION = 1;

/**
 * @typedef {{type: "start", kept: unknown, page: string} | {type: "opened", page: string}
 *   | {type: "closed"}} Told what the script says; `kept` is what this page had it keep
 * @typedef {{type: "hello"} | {type: "keep", kept: string} | {type: "news"} | {type: "close"}} Said
 */

/**
 * Say hello to the script, and listen to it.
 *
 * @param {(told: Told) => void} take
 * @returns {((said: Said) => void) | null} tells the script something; null if there is none
 */
export function joinHost(take) {
  if (window.parent === window) return null;
  try {
    // The script puts its page's origin into our address. If that is a lie, nobody hears us.
    const origin = decodeURIComponent(location.hash.slice(1));
    if (!origin || origin === "*" || origin === "/") return null;
    /** @param {Said} said */
    const say = (said) => window.parent.postMessage({ answerdesk: VERSION, ...said }, origin);
    window.addEventListener("message", ({ source, origin: sender, data }) => {
      const isHost = source === window.parent && sender === origin;
      if (isHost && data?.answerdesk === VERSION) take(data);
    });
    say({ type: "hello" });
    return say;
  } catch {
    return null; // Not an origin.
  }
}
