/**
 * The owner's own CSS, confined to this frame: it styles, and fetches nothing.
 *
 * The frame's policy refuses foreign hosts as well; what is not in the sheet is not even tried.
 */

/** Adopt the CSS behind our own style sheet; what it may not hold is left out. */
export function adoptCustomCss(css: string): void {
  const sheet = new CSSStyleSheet();
  // Such a sheet has no @import.
  sheet.replaceSync(css);
  confine(sheet);
  document.adoptedStyleSheets = [sheet];
}

/** Remove rules and declarations that name an address other than `data:` ones. */
function confine(sheet: CSSStyleSheet | CSSGroupingRule): void {
  for (let place = sheet.cssRules.length - 1; place >= 0; place -= 1) {
    const rule = sheet.cssRules[place];
    if (rule instanceof CSSStyleRule || rule instanceof CSSKeyframeRule) {
      for (const name of [...rule.style]) {
        if (fetches(rule.style.getPropertyValue(name))) rule.style.removeProperty(name);
      }
      if ("cssRules" in rule) confine(rule as unknown as CSSGroupingRule);
    } else if (rule instanceof CSSKeyframesRule) {
      confine(rule as unknown as CSSGroupingRule);
    } else if (rule instanceof CSSGroupingRule) {
      confine(rule);
    } else {
      sheet.deleteRule(place);
    }
  }
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
