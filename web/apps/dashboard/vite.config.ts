/** The dashboard: pages of the team, each in a piece of its own that is loaded when it is opened. */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { mantineStyles } from "./mantinestyles.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "/app/",
  publicDir: false,
  logLevel: "warn",
  plugins: [react(), mantineStyles(here("."), here("../../node_modules"))],
  build: {
    outDir: here("../../../src/answerdesk/entrypoints/pages/built/dashboard"),
    emptyOutDir: true,
    // The server writes the page and reads here which files belong to it.
    manifest: "manifest.json",
    // The oldest that know `light-dark()`: rewritten for older ones it would not follow our colours.
    target: ["chrome123", "firefox120", "safari17.5"],
    reportCompressedSize: false,
    // React, Mantine and the router, which every page needs; `npm run sizes` weighs the first load.
    chunkSizeWarningLimit: 800,
    rolldownOptions: { input: here("src/main.tsx") },
  },
});
