/**
 * Writes the types of the visitors' API from the API's description: `node generate.mjs`, or with
 * `--print` to see them only. The generator is the one that tests of clients use.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const generator = path("../../../tests/browser/node_modules/openapi-typescript/bin/cli.js");

/** The operations of visitors, and the components that they need: the rest is of no use in a widget. */
function ofVisitors({ openapi, info, paths, components }) {
  const kept = Object.entries(paths).filter(([name]) => name.startsWith("/v1/visitor/"));
  const needed = {};
  const visit = (part) => {
    for (const [, kind, name] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      const found = (needed[kind] ??= {});
      if (name in found) continue;
      found[name] = components[kind][name];
      visit(found[name]);
    }
  };
  visit(kept);
  const ordered = Object.entries(needed).map(([kind, of]) => [kind, Object.fromEntries(Object.entries(of).sort())]);
  return { openapi, info, paths: Object.fromEntries(kept), components: Object.fromEntries(ordered) };
}

const description = JSON.parse(readFileSync(path("../../../docs/reference/openapi.json"), "utf8"));
const { stdout, stderr, status } = spawnSync(process.execPath, [generator], {
  input: JSON.stringify(ofVisitors(description)),
  encoding: "utf8",
});
if (status !== 0) throw new Error(stderr);
if (process.argv.includes("--print")) process.stdout.write(stdout);
else writeFileSync(path("src/schema.ts"), stdout);
