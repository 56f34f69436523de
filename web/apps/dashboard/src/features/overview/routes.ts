import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../../app/roots.tsx";

export const overviewRoutes = {
  overviewRoute: createRoute({
    getParentRoute: () => projectRoute,
    path: "/overview",
    component: lazyRouteComponent(() => import("./page.tsx"), "OverviewPage"),
  }),
};
