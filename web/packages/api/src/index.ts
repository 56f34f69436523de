export type { components, paths } from "./schema.ts";
