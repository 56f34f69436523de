import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../../app/roots.tsx";
import { readSearch } from "./search.ts";

export const playgroundRoutes = {
  playgroundRoute: createRoute({
    getParentRoute: () => projectRoute,
    path: "/playground",
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import("./page.tsx"), "PlaygroundPage"),
  }),
};
