/** Fails if the widget became too big for pages that are not ours. Sizes are gzipped. */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const built = new URL("../../src/answerdesk/entrypoints/pages/built/widget/", import.meta.url);
const KB = 1000;

/** What each may weigh, in bytes. */
const BUDGETS = [
  { name: "loader", files: ["loader.js"], most: 6 * KB },
  { name: "frame", files: ["frame.js", "frame.css"], most: 40 * KB },
];

let isWithin = true;
for (const { name, files, most } of BUDGETS) {
  let size = 0;
  for (const file of files) size += gzipSync(await readFile(new URL(file, built)), { level: 9 }).length;
  console.log(`${name}: ${(size / KB).toFixed(1)} kB of ${most / KB}`);
  if (size > most) isWithin = false;
}
if (!isWithin) {
  console.error("The widget is over its budget: leave something out, or load it later.");
  process.exit(1);
}
