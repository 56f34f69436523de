/** Builds the widget and the dashboard, and writes what the widget's server needs to know of each file. */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const built = path("../src/answerdesk/entrypoints/pages/built/widget");

/** What the widget is made of. The names stay, so that a server can go on meanwhile with what it has. */
const FILES = ["frame.css", "frame.js", "loader.js"];

await build({ configFile: path("apps/dashboard/vite.config.ts") });
await mkdir(built, { recursive: true });
for (const mode of ["loader", "frame"]) {
  await build({ configFile: path("apps/widget/vite.config.ts"), mode });
}
/** By name: a hash of the content, for addresses that may be cached for ever. */
const manifest = {};
for (const name of FILES) {
  const content = await readFile(`${built}/${name}`);
  manifest[name] = createHash("sha256").update(content).digest("hex").slice(0, 16);
}
await writeFile(`${built}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
