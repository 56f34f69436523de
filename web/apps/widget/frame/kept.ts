/**
 * What the website's page keeps for the frame, which has no storage of its own to rely on: a token that
 * can only begin the visitor's next session here, never the visitor's own, and nothing that was said.
 */

export interface Kept {
  resume: string;
  /** Empty before the first message: nothing is kept then. */
  conversationId: string;
  /** Whether the visitor has rated the whole conversation, or does not want to. */
  isRated: boolean;
  /** Whether the visitor has left contact details, or does not want to. */
  isReachable: boolean;
  /** The id of the last message that the visitor has seen. */
  seen: string;
}

const LONGEST_ID = 60;
const CONVERSATION = /^conv_[0-9a-f]{32}$/;

export const nothingKept = (): Kept => ({
  ...{ resume: "", conversationId: "", isRated: false, isReachable: false, seen: "" },
});

/** Read what a page gives back, which other scripts of the website may have changed. */
export function readKept(text: string | null): Kept {
  const kept = nothingKept();
  const { resume, conversation } = parsed(text);
  if (typeof resume === "string") kept.resume = resume;
  if (!isObject(conversation)) return kept;
  const { id, isRated, isReachable, seen } = conversation;
  if (typeof id !== "string" || !CONVERSATION.test(id)) return kept;
  if (typeof seen === "string" && seen.length <= LONGEST_ID) kept.seen = seen;
  return { ...kept, conversationId: id, isRated: isRated === true, isReachable: isReachable === true };
}

/** Write it for the page. */
export const writeKept = ({ resume, conversationId: id, isRated, isReachable, seen }: Kept): string =>
  JSON.stringify({ resume, conversation: { id, isRated, isReachable, seen } });

function parsed(text: string | null): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text ?? "");
    return isObject(found) ? found : {};
  } catch {
    return {};
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
