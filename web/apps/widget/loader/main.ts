/**
 * Answerdesk: a chat in the corner of a website's pages.
 * It needs `script-src` and `frame-src` for this script's origin, and nothing else, of a page.
 */
import { startChat, warn, type Chat } from "./chat.ts";
import { optionsOf, tagOf, type Options } from "./tag.ts";

const COMMANDS = ["open", "close", "toggle", "identify", "setContext", "on", "off"] as const;
/** Chats in the same corner stand above each other. */
const LIFT_PX = 72;

type Act = (...given: unknown[]) => unknown;

/** `Answerdesk("open")` and `Answerdesk.open()`, which mean the first chat of the page, and more. */
interface Commands {
  (command: string, ...given: unknown[]): unknown;
  /** Begin another chat on this page. */
  start(options: Options, desk?: string): void;
  /** Return the chat of a project, or of a website's token. */
  of(id: string): Chat | undefined;
  /** Take all chats off the page. */
  destroy(): void;
}

/** What a page puts there so that it can give commands before this script has run. */
interface Queue {
  (command: string, ...given: unknown[]): void;
  q?: ArrayLike<unknown>[];
}

const page = window as {
  Answerdesk?: Commands | Queue;
  novaChatSettings?: { websiteToken?: string; position?: string };
};

function makeCommands(desk: string): Commands {
  const chats = new Map<string, Chat>();
  const own = {
    start(options: Options, from = desk) {
      const tag = tagOf(from, options);
      if (!tag) return console.error("Answerdesk: the script tag has no data-project and no data-token.");
      if (!chats.has(tag.id)) chats.set(tag.id, startChat(tag, chats.size * LIFT_PX, () => end(tag.id)));
    },
    of: (id: string) => chats.get(id),
    destroy: () => chats.forEach((chat) => chat.destroy()),
  };
  const acts: Record<string, Act> = own as Record<string, Act>;
  for (const name of COMMANDS) {
    acts[name] = (...given) => (chats.values().next().value?.[name] as Act | undefined)?.(...given);
  }

  function end(id: string) {
    chats.delete(id);
    if (!chats.size && page.Answerdesk === commands) delete page.Answerdesk;
  }

  const give = (command: string, ...given: unknown[]) =>
    Object.hasOwn(acts, command) ? acts[command]?.(...given) : warn(`there is no command "${command}".`);
  const commands: Commands = Object.assign(give, own);
  return commands;
}

const isOurs = (known: Commands | Queue): known is Commands => "of" in known;
const isQueue = (known: Commands | Queue): known is Queue =>
  typeof known === "function" && Object.keys(known).every((name) => name === "q");

function run(script: HTMLScriptElement) {
  const { websiteToken: token, position } = page.novaChatSettings ?? {};
  const options = { token, position, ...optionsOf(script) };
  const desk = new URL(script.src).origin;
  const known = page.Answerdesk;
  if (known && isOurs(known)) return known.start(options, desk);
  const commands = makeCommands(desk);
  if (known && !isQueue(known)) warn("this page has an Answerdesk of its own; there are no commands.");
  else page.Answerdesk = commands;
  commands.start(options);
  for (const [command, ...given] of [...(known?.q ?? [])].map((one) => Array.from(one))) {
    commands(String(command), ...given);
  }
}

try {
  // A tag of type "module" is nobody's current script.
  const script = document.currentScript ?? document.querySelector("script[src*='/widget.js']");
  if (script instanceof HTMLScriptElement) run(script);
} catch (error) {
  console.error("Answerdesk:", error);
}
