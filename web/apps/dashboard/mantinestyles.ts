/**
 * `virtual:mantine-styles`: the styles of those Mantine components that the dashboard uses, and of
 * those that they use in turn. All styles are 38 kB gzipped, most of them for what is nowhere shown.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";

const NAME = "virtual:mantine-styles";
/** What every component stands on. */
const BASE = ["baseline", "default-css-variables", "global"];
const IMPORTED = /import\s*{([^}]*)}\s*from\s*"@mantine\/core"/g;

export function mantineStyles(root: string, packages: string): Plugin {
  return {
    name: "mantine-styles",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id) => (id === `\0${NAME}` ? styles(root, join(packages, "@mantine")) : undefined),
  };
}

function styles(root: string, mantine: string): string {
  const core = join(mantine, "core");
  const used = new Set<string>();
  for (const name of imported(join(root, "src"), /\.tsx?$/)) follow(join(core, "esm"), name, used);
  for (const other of ["notifications", "spotlight"]) {
    for (const name of imported(join(mantine, other, "esm"), /\.mjs$/)) follow(join(core, "esm"), name, used);
  }
  const files = [...used].filter((name) => existsSync(join(core, "styles", `${name}.css`)));
  // In Mantine's own order: what comes later overrides what it is made of.
  const whole = readFileSync(join(core, "styles.css"), "utf8");
  const place = (name: string) => whole.indexOf(readFileSync(join(core, "styles", `${name}.css`), "utf8").slice(0, 200).trim());
  files.sort((a, b) => place(a) - place(b));
  return [...BASE, ...files].map((name) => `import "@mantine/core/styles/${name}.css";`).join("\n");
}

/** The files below a folder with such names. Node 20, which may build as well, has no `globSync`. */
function filesIn(folder: string, wanted: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => wanted.test(file)).map((file) => join(folder, file));
}

/** The names that files take from Mantine's core. */
function imported(folder: string, files: RegExp): Set<string> {
  const names = new Set<string>();
  for (const file of filesIn(folder, files)) {
    for (const [, list = ""] of readFileSync(file, "utf8").matchAll(IMPORTED)) {
      for (const name of list.split(",")) names.add(name.replace(/^\s*type\s/, "").split(/\sas\s/)[0]?.trim() ?? "");
    }
  }
  return names;
}

/** Add the style modules of a component and of all that it imports. */
function follow(esm: string, name: string, used: Set<string>): void {
  const start = name && filesIn(join(esm, "components"), /\.mjs$/).find((file) => basename(file) === `${name}.mjs`);
  const seen = new Set<string>();
  const waiting = start ? [start] : [];
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const module = /([^/]+)\.module\.mjs$/.exec(file)?.[1];
    if (module) used.add(module);
    for (const [, to = ""] of readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)"/g)) waiting.push(resolve(dirname(file), to));
  }
}
