/** Fails if the widget became too big for pages that are not ours, or a page of the dashboard to open. Sizes are gzipped. */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const built = new URL("../../src/answerdesk/entrypoints/pages/built/", import.meta.url);
const KB = 1000;

/** What each may weigh, in bytes. */
const BUDGETS = [
  { name: "loader", files: ["widget/loader.js"], most: 6 * KB },
  { name: "frame", files: ["widget/frame.js", "widget/frame.css"], most: 40 * KB },
];

/** All that one page of the dashboard loads when it is opened first. */
const FIRST_LOAD = 300 * KB;
const manifest = JSON.parse(await readFile(new URL("dashboard/manifest.json", built), "utf8"));

function needs(name, found = new Set()) {
  const { file, css = [], imports = [] } = manifest[name];
  for (const one of [file, ...css]) found.add(`dashboard/${one}`);
  for (const one of imports) needs(one, found);
  return found;
}

for (const [name, { isDynamicEntry }] of Object.entries(manifest)) {
  if (!isDynamicEntry) continue;
  const files = new Set([...needs("src/main.tsx"), ...needs(name)]);
  BUDGETS.push({ name: name.replace(/^src\/|\.tsx$/g, ""), files: [...files], most: FIRST_LOAD });
}

let isWithin = true;
for (const { name, files, most } of BUDGETS) {
  let size = 0;
  for (const file of files) size += gzipSync(await readFile(new URL(file, built)), { level: 9 }).length;
  console.log(`${name}: ${(size / KB).toFixed(1)} kB of ${most / KB}`);
  if (size > most) isWithin = false;
}
if (!isWithin) {
  console.error("Something is over its budget: leave something out, or load it later.");
  process.exit(1);
}
