import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../../app/roots.tsx";
import { Loading } from "../../parts/states.tsx";
import { type DraftStatus, KINDS, type QuestionKind, STATUSES } from "./queries.ts";

type Search = Record<string, unknown>;

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

const layoutRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/review",
  component: lazyRouteComponent(() => import("./layout.tsx"), "ReviewLayout"),
});

/** `open` is the one that is shown beside the list. */
export type DraftsSearch = { status?: DraftStatus; open?: string };
export type QuestionsSearch = { kind?: QuestionKind; open?: string };

const draftsRoute = createRoute({
  getParentRoute: () => layoutRoute,
  pendingComponent: Loading,
  path: "/",
  validateSearch: (search: Search): DraftsSearch => ({ status: STATUSES.find((one) => one === search.status), open: text(search.open) }),
  component: lazyRouteComponent(() => import("./drafts.tsx"), "DraftsPage"),
});

const questionsRoute = createRoute({
  getParentRoute: () => layoutRoute,
  pendingComponent: Loading,
  path: "/questions",
  validateSearch: (search: Search): QuestionsSearch => ({ kind: KINDS.find((one) => one === search.kind), open: text(search.open) }),
  component: lazyRouteComponent(() => import("./questions.tsx"), "QuestionsPage"),
});

export const reviewRoutes = {
  reviewRoute: layoutRoute.addChildren({ reviewDraftsRoute: draftsRoute, reviewQuestionsRoute: questionsRoute }),
};
