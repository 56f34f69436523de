import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../../app/roots.tsx";
import { Loading } from "../../parts/states.tsx";
import { DOCUMENT_STATES, type DocumentState, PAGE_STATES, type PageState } from "./queries.ts";

type Search = Record<string, unknown>;

const text = (value: unknown) => (typeof value === "string" && value ? value.slice(0, 200) : undefined);
const oneOf = <T extends string>(values: readonly T[], value: unknown) => values.find((one) => one === value);

/** Which form is open beside what is shown. */
const layoutRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/knowledge",
  validateSearch: (search: Search): { add?: "site" | "page" | "text" } => ({ add: oneOf(["site", "page", "text"], search.add) }),
  component: lazyRouteComponent(() => import("./layout.tsx"), "KnowledgeLayout"),
});

const sourcesRoute = createRoute({
  getParentRoute: () => layoutRoute,
  pendingComponent: Loading,
  path: "/",
  component: lazyRouteComponent(() => import("./sources/page.tsx"), "SourcesPage"),
});

/** What is opened beside a list, and which of its passages is marked. */
type Opened = { open?: string; passage?: string };

const opened = ({ open, passage }: Search): Opened => ({ open: text(open), passage: text(open) && text(passage) });

/** Which pages are listed. */
export type PagesSearch = Opened & { source?: string; q?: string; status?: PageState };

/** Which files and texts are listed. */
export type FilesSearch = Opened & { q?: string; status?: DocumentState };

const pagesSearch = (search: Search): PagesSearch => ({
  source: text(search.source),
  q: text(search.q),
  status: oneOf(PAGE_STATES, search.status),
  ...opened(search),
});

const pagesRoute = createRoute({
  getParentRoute: () => layoutRoute,
  pendingComponent: Loading,
  path: "/pages",
  validateSearch: pagesSearch,
  component: lazyRouteComponent(() => import("./pages/page.tsx"), "PagesPage"),
});

const filesRoute = createRoute({
  getParentRoute: () => layoutRoute,
  pendingComponent: Loading,
  path: "/files",
  validateSearch: (search: Search): FilesSearch => ({ q: text(search.q), status: oneOf(DOCUMENT_STATES, search.status), ...opened(search) }),
  component: lazyRouteComponent(() => import("./files/page.tsx"), "FilesPage"),
});

/** `open` is the id of the item that is edited, or `new`, or `import`. */
export type ItemsSearch = { q?: string; category?: string; tag?: string; open?: string };

const questionsRoute = createRoute({
  getParentRoute: () => layoutRoute,
  pendingComponent: Loading,
  path: "/questions",
  validateSearch: (search: Search): ItemsSearch => ({
    q: text(search.q),
    category: text(search.category),
    tag: text(search.tag),
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import("./items/page.tsx"), "ItemsPage"),
});

const synonymsRoute = createRoute({
  getParentRoute: () => layoutRoute,
  pendingComponent: Loading,
  path: "/synonyms",
  component: lazyRouteComponent(() => import("./synonyms/page.tsx"), "SynonymsPage"),
});

const sourceRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/knowledge/sources/$sourceId",
  validateSearch: (search: Search): Opened & { status?: PageState; settings?: boolean } => ({
    status: oneOf(PAGE_STATES, search.status),
    ...opened(search),
    settings: search.settings === true || undefined,
  }),
  component: lazyRouteComponent(() => import("./sources/source.tsx"), "SourcePage"),
});

export const knowledgeRoutes = {
  knowledgeRoute: layoutRoute.addChildren({
    knowledgeSourcesRoute: sourcesRoute,
    knowledgePagesRoute: pagesRoute,
    knowledgeFilesRoute: filesRoute,
    knowledgeQuestionsRoute: questionsRoute,
    knowledgeSynonymsRoute: synonymsRoute,
  }),
  knowledgeSourceRoute: sourceRoute,
};
