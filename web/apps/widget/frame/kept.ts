/**
 * What the website's page keeps for the frame, which has no storage of its own to rely on: a token that
 * can only begin the visitor's next session here, never the visitor's own, and nothing that was said.
 */

export interface Kept {
  resume: string;
  /** Empty before the first message: nothing is kept then. */
  conversationId: string;
  /** The visitor's ratings by message, which the server does not return. */
  ratings: Record<string, string>;
  /** Whether the visitor has rated the whole conversation, or does not want to. */
  isRated: boolean;
  /** Whether the site has signed for the visitor: shown only to whom it signs for again. */
  isIdentified: boolean;
}

const CONVERSATION = /^conv_[0-9a-f]{32}$/;
const MOST_RATINGS = 100;

export const nothingKept = (): Kept => ({
  ...{ resume: "", conversationId: "", ratings: {}, isRated: false, isIdentified: false },
});

/** Read what a page gives back, which other scripts of the website may have changed. */
export function readKept(text: string | null): Kept {
  const kept = nothingKept();
  const known = parsed(text);
  if (typeof known.resume === "string") kept.resume = known.resume;
  kept.isIdentified = known.identified === true;
  const { id, ratings, isRated } = isObject(known.conversation) ? known.conversation : {};
  if (typeof id !== "string" || !CONVERSATION.test(id)) return kept;
  kept.conversationId = id;
  kept.isRated = isRated === true;
  if (isObject(ratings)) {
    const sound = Object.entries(ratings).filter(([, rating]) => typeof rating === "string");
    kept.ratings = Object.fromEntries(sound.slice(-MOST_RATINGS)) as Record<string, string>;
  }
  return kept;
}

/** Write it for the page. */
export function writeKept({ resume, conversationId: id, ratings, isRated, isIdentified }: Kept): string {
  const latest = Object.fromEntries(Object.entries(ratings).slice(-MOST_RATINGS));
  const conversation = { id, ratings: latest, isRated };
  return JSON.stringify({ resume, conversation, ...(isIdentified && { identified: true }) });
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text ?? "");
    return isObject(found) ? found : {};
  } catch {
    return {};
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
