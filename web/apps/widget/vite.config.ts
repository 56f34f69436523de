/** Two programs from one folder: `--mode loader` is a classic script, `--mode frame` a module with its style sheet. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const BROWSERS = ["chrome111", "firefox114", "safari16.4"];

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
      // A library's `import()` stays as it is; a page's is wrapped, for style sheets that a module may need.
      lib: isLoader && { entry: here("loader/main.ts"), formats: ["iife"], name: "_", fileName: () => "loader.js" },
      target: isLoader ? "es2020" : BROWSERS,
      // What a style sheet says is written for them already.
      cssTarget: isLoader ? "esnext" : BROWSERS,
      modulePreload: false,
      cssCodeSplit: false,
      reportCompressedSize: false,
      rolldownOptions: {
        ...(isLoader ? {} : { input: here("frame/main.tsx") }),
        output: isLoader ? {} : { format: "es", entryFileNames: "frame.js", assetFileNames: "frame.[ext]" },
      },
    },
  };
});
