// Unpacks the Chromium of @sparticuz/chromium: node unpack.mjs FOLDER
//
// The package unpacks itself into the system's temporary folder, and its shared libraries (NSS) only on
// the cloud it is made for. Here everything goes into one folder of this checkout.
import { createReadStream, createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { extract } from "tar-fs";

const folder = process.argv[2];
const packed = join(
  dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")),
  "..",
  "bin",
);

const unpack = (name, target) =>
  pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), target);

mkdirSync(folder, { recursive: true });
await Promise.all([
  unpack("chromium.br", createWriteStream(join(folder, "chromium"), { mode: 0o755 })),
  // Without `chown: false` root would give the files to whoever packed them.
  unpack("al2023.tar.br", extract(folder, { chown: false })), // lib/
  unpack("fonts.tar.br", extract(folder, { chown: false })), // fonts/
  unpack("swiftshader.tar.br", extract(folder, { chown: false })), // beside the program
]);

// The package's own file names folders of its cloud. This one takes the machine's fonts and, for a machine
// that has none, the one Latin font of the package.
writeFileSync(
  join(folder, "fonts.conf"),
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
</fontconfig>
`,
);
