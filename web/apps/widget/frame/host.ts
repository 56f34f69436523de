/** The website's page around the frame: what it tells, and what it is told. */
import { isFrom, readHostMessage, written, type FrameMessage, type HostMessage } from "@answerdesk/protocol";

export interface Host {
  tell: (message: FrameMessage) => void;
}

/**
 * Say hello to the script of the page, and listen to it; null if there is none.
 *
 * The script puts its page's origin into our address. If that is a lie, nobody hears us.
 */
export function joinHost(take: (message: HostMessage) => void): Host | null {
  if (window.parent === window) return null;
  const origin = decoded(location.hash.slice(1));
  if (!origin) return null;
  const tell = (message: FrameMessage) => window.parent.postMessage(written(message), origin);
  window.addEventListener("message", (event) => {
    const message = isFrom(event, window.parent, origin) ? readHostMessage(event.data) : null;
    if (message) take(message);
  });
  tell({ type: "hello" });
  return { tell };
}

/** The origin that an address names; empty if it names none, such as `*`, which is everybody's. */
function decoded(text: string): string {
  try {
    const said = decodeURIComponent(text);
    return new URL(said).origin === said ? said : "";
  } catch {
    return "";
  }
}
