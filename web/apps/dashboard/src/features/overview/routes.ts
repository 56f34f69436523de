import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../../app/roots.tsx";
import { readSearch } from "./range.ts";

export const overviewRoutes = {
  overviewRoute: createRoute({
    getParentRoute: () => projectRoute,
    path: "/overview",
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import("./page.tsx"), "OverviewPage"),
  }),
};
