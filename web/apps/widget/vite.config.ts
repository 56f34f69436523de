/** Two programs from one folder: `--mode loader` is a classic script, `--mode frame` a module with its style sheet. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => {
  const isLoader = mode === "loader";
  return {
    root: here("."),
    publicDir: false,
    logLevel: "warn",
    define: { "process.env.NODE_ENV": '"production"' },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: here("../../../src/answerdesk/entrypoints/pages/built/widget"),
      // Both write here; the script that runs them empties it.
      emptyOutDir: false,
      target: isLoader ? "es2020" : ["chrome111", "firefox114", "safari16.4"],
      modulePreload: false,
      cssCodeSplit: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: here(isLoader ? "loader/main.ts" : "frame/main.tsx"),
        output: {
          format: isLoader ? "iife" : "es",
          entryFileNames: isLoader ? "loader.js" : "frame.js",
          assetFileNames: "frame.[ext]",
        },
      },
    },
  };
});
