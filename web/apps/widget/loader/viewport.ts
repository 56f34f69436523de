/** Where the panel goes on a screen of which a keyboard hides a part. The frame cannot see that. */

/** The part of the page that can be seen, as `visualViewport` tells it. */
export interface Seen {
  offsetTop: number;
  height: number;
  scale: number;
}

/** Lengths in pixels; a missing one is as the style sheet says. */
export interface Place {
  top?: number;
  bottom?: number;
  height?: number;
  maxHeight?: number;
}

/** Less is a browser's own bar, which comes and goes with scrolling. */
const LEAST_KEYBOARD = 100;
const MARGIN = 20;

/**
 * Return where the panel goes, on a page whose layout is `height` high.
 *
 * Whoever enlarges the page with two fingers sees less of it, too; the panel must not shrink with
 * that, or enlarging would be of no use.
 */
export function placePanel(seen: Seen, height: number, fillsScreen: boolean): Place {
  const isEnlarged = seen.scale > 1.01;
  const visible = Math.min(seen.height * (isEnlarged ? seen.scale : 1), height);
  const top = isEnlarged ? 0 : Math.max(seen.offsetTop, 0);
  if (fillsScreen) return { top, height: visible };
  const keyboard = height - visible - top;
  if (keyboard < LEAST_KEYBOARD) return {};
  return { bottom: keyboard + MARGIN, maxHeight: Math.max(visible - 2 * MARGIN, 0) };
}
