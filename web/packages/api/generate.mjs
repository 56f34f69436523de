/**
 * Writes types from the API's description: `node generate.mjs`, or with `--check` to find out only
 * whether what is written is right. The generator is the one that tests of clients use.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const generator = path("../../../tests/browser/node_modules/openapi-typescript/bin/cli.js");

/** The schemas that these parts of the description name, and those that they name in turn. */
function named(schemas, parts) {
  const found = {};
  const visit = (part) => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name in found) continue;
      found[name] = schemas[name];
      visit(found[name]);
    }
  };
  visit(parts);
  return Object.fromEntries(Object.entries(found).sort());
}

/** What visitors' operations send and return; the rest of the API is of no use in a widget. */
function ofVisitors({ openapi, info, paths, components }) {
  const operations = Object.entries(paths).filter(([name]) => name.startsWith("/v1/visitor/"));
  return { openapi, info, paths: {}, components: { schemas: named(components.schemas, operations) } };
}

/** The native API, which the dashboard uses; the dialects are of no use to it. */
function ofTeams({ openapi, info, paths, components }) {
  const { schemas, ...others } = components;
  const native = Object.entries(paths).filter(([name]) => name.startsWith("/v1/") && !name.startsWith("/v1/visitor/"));
  return { openapi, info, paths: Object.fromEntries(native), components: { ...others, schemas: named(schemas, [native, others]) } };
}

function types(description) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [generator], {
    input: JSON.stringify(description),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const description = JSON.parse(readFileSync(path("../../../docs/reference/openapi.json"), "utf8"));
const WRITTEN = { "src/schema.ts": ofVisitors(description), "src/native.ts": ofTeams(description) };
for (const [name, described] of Object.entries(WRITTEN)) {
  const written = types(described);
  if (!process.argv.includes("--check")) writeFileSync(path(name), written);
  else if (readFileSync(path(name), "utf8") !== written) throw new Error(`${name} is not what the API says: run \`make reference\``);
}
