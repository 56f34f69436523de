/** Which page the visitor is on, in websites that change it without loading a new one. */

const LONGEST = 2000;
const EVERY_MS = 1000;

interface Navigation {
  addEventListener(type: "currententrychange", act: () => void, options: { signal: AbortSignal }): void;
}

/** Not the query or the fragment, which may be nobody's business. */
export const currentPage = (): string => (location.origin + location.pathname).slice(0, LONGEST);

/**
 * Call `changed` whenever the page is another one. Browsers that do not tell are asked, as long as
 * `isWatched`; wrapping the page's own `history` would leave something of ours in it.
 */
export function watchPage(changed: (page: string) => void, isWatched: () => boolean, signal: AbortSignal): void {
  let known = currentPage();
  const look = () => {
    const page = currentPage();
    if (page === known) return;
    known = page;
    changed(page);
  };
  const { navigation } = window as { navigation?: Navigation };
  if (navigation) {
    navigation.addEventListener("currententrychange", look, { signal });
  } else {
    addEventListener("popstate", look, { signal });
    const timer = setInterval(() => isWatched() && look(), EVERY_MS);
    signal.addEventListener("abort", () => clearInterval(timer));
  }
}
