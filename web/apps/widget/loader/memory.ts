/** What the frame has this website remember, since browsers refuse storage to frames of others. */
import { LONGEST_KEPT } from "@answerdesk/protocol";

export interface Entry {
  kept: string | null;
  /** Whether a person's reply is expected. */
  awaits: boolean;
}

export interface Memory {
  read(): Entry;
  write(entry: Entry): void;
  /** From now on, remember for the subdomains of the website as well. */
  share(): void;
}

/** As long as the server takes a visitor back. */
const SECONDS = 7 * 24 * 3600;
/** Browsers take 4096 bytes with the name and the attributes. */
const LONGEST_COOKIE = 3800;

/**
 * Return the memory of one chat. `changed` is told what another tab wrote. Where the browser refuses
 * storage, the memory lasts as long as the page.
 */
export function openMemory(id: string, changed: (entry: Entry) => void, signal: AbortSignal): Memory {
  const key = `answerdesk:${id}`;
  const cookie = `answerdesk_${id}`;
  let isShared = false;
  let last = "";

  const memory: Memory = {
    read() {
      const stored = attempt(() => localStorage.getItem(key)) ?? last;
      return entryOf((isShared && readCookie(cookie)) || stored);
    },
    write(entry) {
      // The time makes it another text, which tells the site's other tabs.
      last = entry.kept || entry.awaits ? JSON.stringify({ ...entry, at: Date.now() }) : "";
      // This site's own storage then only tells its tabs that something has changed.
      if (isShared && writeCookie(cookie, last)) last = `shared ${Date.now()}`;
      attempt(() => (last ? localStorage.setItem(key, last) : localStorage.removeItem(key)));
    },
    share() {
      isShared = true;
    },
  };
  addEventListener(
    "storage",
    (event) => {
      // Without a key, everything was cleared.
      if (event.key === key || event.key === null) {
        last = "";
        changed(memory.read());
      }
    },
    { signal },
  );
  return memory;
}

/** Read what is stored; other scripts of the website may have changed it. */
function entryOf(stored: string): Entry {
  const { kept, awaits } = attempt(() => JSON.parse(stored)) ?? {};
  const isSound = typeof kept === "string" && kept.length <= LONGEST_KEPT;
  return { kept: isSound ? kept : null, awaits: awaits === true };
}

function readCookie(name: string): string {
  const found = attempt(() => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`)));
  return attempt(() => decodeURIComponent(found?.slice(name.length + 1) ?? "")) ?? "";
}

/**
 * Write it for the widest domain that the browser allows, and tell whether it is kept; an empty text
 * deletes it, and so does one that is too long.
 */
function writeCookie(name: string, text: string): boolean {
  const value = encodeURIComponent(text);
  const isKept = value !== "" && value.length <= LONGEST_COOKIE;
  const written = `${name}=${isKept ? value : ""}; Max-Age=${isKept ? SECONDS : 0}; Path=/; SameSite=Lax`;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const labels = location.hostname.split(".");
  for (let count = 1; count <= labels.length; count++) {
    attempt(() => (document.cookie = `${written}${secure}; Domain=${labels.slice(-count).join(".")}`));
    if (isKept && readCookie(name) === text) return true;
  }
  return false;
}

/** Storage throws where it is refused, and so does reading what somebody else wrote. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
