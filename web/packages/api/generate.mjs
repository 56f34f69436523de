/**
 * Writes the types of the visitors' API from the API's description: `node generate.mjs`, or with
 * `--print` to see them only. The generator is the one that tests of clients use.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const generator = path("../../../tests/browser/node_modules/openapi-typescript/bin/cli.js");

/** What visitors' operations send and return; the rest of the API is of no use in a widget. */
function ofVisitors({ openapi, info, paths, components }) {
  const schemas = {};
  const visit = (part) => {
    for (const [, kind, name] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      if (kind !== "schemas" || name in schemas) continue;
      schemas[name] = components.schemas[name];
      visit(schemas[name]);
    }
  };
  visit(Object.entries(paths).filter(([name]) => name.startsWith("/v1/visitor/")));
  const ordered = Object.fromEntries(Object.entries(schemas).sort());
  return { openapi, info, paths: {}, components: { schemas: ordered } };
}

const description = JSON.parse(readFileSync(path("../../../docs/reference/openapi.json"), "utf8"));
const { stdout, stderr, status } = spawnSync(process.execPath, [generator], {
  input: JSON.stringify(ofVisitors(description)),
  encoding: "utf8",
});
if (status !== 0) throw new Error(stderr);
if (process.argv.includes("--print")) process.stdout.write(stdout);
else writeFileSync(path("src/schema.ts"), stdout);
