import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { accountRoute } from "../../app/roots.tsx";
import { readSearch } from "./filters.ts";

export const inboxRoutes = {
  inboxRoute: createRoute({
    getParentRoute: () => accountRoute,
    path: "/inbox",
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import("./page.tsx"), "InboxPage"),
  }),
};
