/**
 * What a website's page (host) and the chat in its frame say to each other: version 1.
 *
 * Either side may be older than the other, and the host's page runs scripts that nobody here knows.
 * So a message is read, not trusted: a field that is missing or of another kind makes it null, unknown
 * fields are dropped, and everything has a bound.
 */
import { flag, number, oneOf, orNull, text, values, type Reader, type Values } from "./readers.ts";

export { values as readValues, type Values } from "./readers.ts";

export const VERSION = 1;

/** In characters; the server's token and a conversation's id take 2,000. */
export const LONGEST_KEPT = 16_000;
const LONGEST_PAGE = 2000;
const LONGEST_TOKEN = 8000;
const LONGEST_SIDE = 100_000;

/** What the site may listen to besides what the host sees itself: ready, open, close and unread. */
export const EVENTS = ["message", "answer", "lead", "handoff"] as const;
export type EventName = (typeof EVENTS)[number];

interface HostMessages {
  /**
   * The answer to `hello`. `kept` is what the frame had this website keep, `identity` the token of
   * the site's own user, and `visible` whether the visitor sees the frame.
   */
  start: {
    kept: string | null;
    page: string;
    identity: string | null;
    context: Values | null;
    visible: boolean;
  };
  /** The visitor sees the frame from now on; with `focus`, the composer takes the focus. */
  opened: { page: string; focus: boolean };
  closed: object;
  /** The visitor is on another page of the website, which has not been loaded anew. */
  page: { page: string };
  /** The site's own user logged in, was given a new token, or logged out (null). */
  identify: { token: string | null };
  context: { values: Values };
  /** Another tab had this website keep something, or (null) had it forget everything. */
  kept: { kept: string | null };
  /** How much of the frame can be seen above a phone's keyboard, in pixels. */
  viewport: { height: number };
}

interface FrameMessages {
  hello: object;
  /**
   * Keep this for the next page, or (null) forget everything. With `awaits`, a person's reply is
   * expected: the next page loads the frame without being asked.
   */
  keep: { kept: string | null; awaits: boolean };
  /** How many messages have come that the visitor has not seen. */
  unread: { count: number };
  close: object;
  event: { name: EventName; detail: Values };
}

type Union<M> = { [Type in keyof M]: { type: Type } & M[Type] }[keyof M];
export type HostMessage = Union<HostMessages>;
export type FrameMessage = Union<FrameMessages>;

type Shapes<M> = { [Type in keyof M]: { [Field in keyof M[Type]]: Reader<M[Type][Field]> } };

const page = text(LONGEST_PAGE);
const kept = orNull(text(LONGEST_KEPT));
export const readToken = orNull(text(LONGEST_TOKEN));

const HOST: Shapes<HostMessages> = {
  start: { kept, page, identity: readToken, context: orNull(values), visible: flag() },
  opened: { page, focus: flag(true) },
  closed: {},
  page: { page },
  identify: { token: readToken },
  context: { values },
  kept: { kept },
  viewport: { height: number(LONGEST_SIDE) },
};

const FRAME: Shapes<FrameMessages> = {
  hello: {},
  keep: { kept, awaits: flag(false) },
  unread: { count: number(1000) },
  close: {},
  event: { name: oneOf(EVENTS), detail: values },
};

/** Read what a frame was sent; null if it is no message of a host. */
export const readHostMessage = (data: unknown): HostMessage | null => read(HOST, data);

/** Read what a host was sent; null if it is no message of a frame. */
export const readFrameMessage = (data: unknown): FrameMessage | null => read(FRAME, data);

/** The message as it is posted. */
export const written = <M extends HostMessage | FrameMessage>(message: M) => ({
  answerdesk: VERSION,
  ...message,
});

/** Whether an event comes from the one window, and the one origin, that is listened to. */
export const isFrom = (event: MessageEvent, source: unknown, origin: string): boolean =>
  source !== null && event.source === source && event.origin === origin;

function read<M>(shapes: Shapes<M>, data: unknown): Union<M> | null {
  if (typeof data !== "object" || data === null) return null;
  const given = data as Record<string, unknown>;
  const { answerdesk, type } = given;
  if (answerdesk !== VERSION || typeof type !== "string" || !Object.hasOwn(shapes, type)) return null;
  const shape = shapes[type as keyof M] as Record<string, Reader<unknown>>;
  const message: Record<string, unknown> = { type };
  for (const [field, take] of Object.entries(shape)) {
    const value = take(given[field]);
    if (value === undefined) return null;
    message[field] = value;
  }
  return message as Union<M>;
}
