import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../../app/roots.tsx";

export const playgroundRoutes = {
  playgroundRoute: createRoute({
    getParentRoute: () => projectRoute,
    path: "/playground",
    component: lazyRouteComponent(() => import("./page.tsx"), "PlaygroundPage"),
  }),
};
