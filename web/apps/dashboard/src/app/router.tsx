import { createRoute, createRouter, redirect } from "@tanstack/react-router";
import { projectsQuery, queryClient } from "../api/queries.ts";
import { inboxRoutes } from "../features/inbox/routes.ts";
import { knowledgeRoutes } from "../features/knowledge/routes.ts";
import { leadsRoutes } from "../features/leads/routes.ts";
import { overviewRoutes } from "../features/overview/routes.ts";
import { playgroundRoutes } from "../features/playground/routes.ts";
import { reviewRoutes } from "../features/review/routes.ts";
import { accountSettingsRoutes, projectSettingsRoutes } from "../features/settings/routes.ts";
import { welcomeRoutes } from "../features/welcome/routes.ts";
import { Page } from "../parts/page.tsx";
import { Loading, RouteFailure } from "../parts/states.tsx";
import { lastProject } from "./project.ts";
import { accountRoute, projectRoute, rootRoute } from "./roots.tsx";

/** A page of the project of the last visit, or the first steps if there is none. */
async function ofLastProject(to: "/p/$projectId/overview" | "/p/$projectId/knowledge" | "/p/$projectId/review"): Promise<never> {
  const projects = await queryClient.ensureQueryData(projectsQuery);
  const project = projects.find(({ id }) => id === lastProject()) ?? projects[0];
  if (!project) throw redirect({ to: "/welcome" });
  throw redirect({ to, params: { projectId: project.id } });
}

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  errorComponent: RouteFailure,
  loader: () => ofLastProject("/p/$projectId/overview"),
});

/** Addresses without a project, which the installation's banner and its error pages name. */
const lastKnowledgeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/knowledge",
  errorComponent: RouteFailure,
  loader: () => ofLastProject("/p/$projectId/knowledge"),
});

const lastReviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/review",
  errorComponent: RouteFailure,
  loader: () => ofLastProject("/p/$projectId/review"),
});

/** A project's address alone leads to its overview. */
const projectHomeRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/p/$projectId/overview", params, replace: true });
  },
});

const routeTree = rootRoute.addChildren({
  homeRoute,
  lastKnowledgeRoute,
  lastReviewRoute,
  accountRoute: accountRoute.addChildren({ ...inboxRoutes, ...accountSettingsRoutes, ...welcomeRoutes }),
  projectRoute: projectRoute.addChildren({
    projectHomeRoute,
    ...overviewRoutes,
    ...knowledgeRoutes,
    ...reviewRoutes,
    ...leadsRoutes,
    ...playgroundRoutes,
    ...projectSettingsRoutes,
  }),
});

export const router = createRouter({
  routeTree,
  basepath: "/app",
  context: { queryClient },
  defaultPreload: "intent",
  // The query cache decides what is fresh.
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 300,
  scrollRestoration: true,
  defaultPendingComponent: () => (
    <Page title="…">
      <Loading />
    </Page>
  ),
  defaultErrorComponent: RouteFailure,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
