/**
 * The owner's own CSS, confined to this frame: it styles, and fetches nothing.
 *
 * The frame's policy refuses foreign hosts as well; what is not in the sheet is not even tried.
 */

/** Adopt the CSS behind our own style sheet; what it may not hold is left out. */
export function adoptCustomCss(css: string): void {
  document.adoptedStyleSheets = [];
  const sheet = new CSSStyleSheet();
  try {
    // Such a sheet has no @import.
    sheet.replaceSync(css);
    confine(sheet);
    document.adoptedStyleSheets = [sheet];
  } catch (error) {
    // The chat matters more than its look.
    console.warn("Answerdesk: the custom CSS was left out.", error);
  }
}

type Parent = CSSStyleSheet | CSSGroupingRule;

/** Remove rules and declarations that name an address other than `data:` ones. */
function confine(parent: Parent): void {
  for (let place = parent.cssRules.length - 1; place >= 0; place -= 1) {
    const rule = parent.cssRules[place] as CSSRule;
    // It names an address and fetches nothing, and cannot be removed.
    if (rule instanceof CSSNamespaceRule) continue;
    const isPage = rule instanceof CSSPageRule || rule instanceof CSSFontFaceRule;
    const { style, cssRules } = rule as Partial<CSSStyleRule>;
    if (isPage || !(style || cssRules)) parent.deleteRule(place);
    else if (style) drop(style);
    if (!isPage && cssRules) confine(rule as CSSGroupingRule);
  }
}

function drop(style: CSSStyleDeclaration): void {
  for (const name of [...style]) if (fetches(style.getPropertyValue(name))) style.removeProperty(name);
}

const FETCHING = /(?:url|image-set|image|src|cross-fade|element|paint)\(/i;

/** Whether a value may name an address. `data:` addresses are taken away first. */
export function fetches(value: string): boolean {
  // A name may be written with escapes, and torn by comments.
  const plain = unescaped(value.replace(/\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g, ""));
  return FETCHING.test(plain.replace(/url\(\s*["']?data:image\/(?:png|jpeg|gif|webp|avif|svg\+xml)[^)"']*["']?\s*\)/gi, ""));
}

const unescaped = (value: string): string =>
  value.replace(/\\([0-9a-f]{1,6})\s?|\\(.)/gi, (_, code: string | undefined, one: string | undefined) =>
    code ? String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10_ff_ff)) : (one ?? ""),
  );
