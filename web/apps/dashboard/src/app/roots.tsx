/**
 * The routes that features hang their own on: `accountRoute` for what is about the whole account,
 * `projectRoute` for what is about one project (`/app/p/proj_…/…`).
 */
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectQuery, queryClient } from "../api/queries.ts";
import { RouteFailure } from "../parts/states.tsx";
import { rememberProject } from "./project.ts";
import { Shell } from "./shell/shell.tsx";

export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Shell,
  notFoundComponent: lazyRouteComponent(() => import("./missing.tsx"), "Missing"),
});

export const accountRoute = createRoute({ getParentRoute: () => rootRoute, id: "account", errorComponent: RouteFailure });

export const projectRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/p/$projectId",
  loader: async ({ params }) => {
    await queryClient.ensureQueryData(projectQuery(params.projectId));
    rememberProject(params.projectId);
  },
  errorComponent: RouteFailure,
});
