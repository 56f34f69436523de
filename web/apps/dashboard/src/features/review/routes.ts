import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../../app/roots.tsx";

export const reviewRoutes = {
  reviewRoute: createRoute({
    getParentRoute: () => projectRoute,
    path: "/review",
    component: lazyRouteComponent(() => import("./page.tsx"), "ReviewPage"),
  }),
};
