/** Takes a server's refusal apart, so that each sentence stands at its field. */

export type Faults = Readonly<Record<string, string>>;

/**
 * `settings.look.avatar: is not a web address; name is empty` as sentences by path. What belongs to
 * no path is under the empty one.
 */
export function faultsOf(detail: string, roots: readonly string[]): Faults {
  const names = roots.map((one) => one.replace(/[^\w]/g, "")).join("|");
  const next = new RegExp(`; (?=(?:${names})\\b)`);
  const one = new RegExp(`^((?:${names})(?:\\.\\w+|\\[\\d+\\]|\\["[^"]*"\\])*)(:? )([^]+)$`);
  const found: Record<string, string> = {};
  for (const part of detail.split(next)) {
    const [, path = "", , said = part] = one.exec(part) ?? [];
    found[path] = path in found ? `${found[path]} ${sentence(said)}` : sentence(said);
  }
  return found;
}

/** What is said of a path or of something in it, such as `origins[2]` for `origins`. */
export function faultAt(faults: Faults, path: string): string | undefined {
  const found = Object.keys(faults).find((one) => one === path || one.startsWith(`${path}.`) || one.startsWith(`${path}[`));
  if (found === undefined || path === "") return path === "" ? faults[""] : undefined;
  const [, line] = /\[(\d+)\]$/.exec(found.slice(path.length)) ?? [];
  return line ? `${Number(line) + 1}: ${faults[found]}` : faults[found];
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
