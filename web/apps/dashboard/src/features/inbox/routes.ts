import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { accountRoute } from "../../app/roots.tsx";

export const inboxRoutes = {
  inboxRoute: createRoute({
    getParentRoute: () => accountRoute,
    path: "/inbox",
    component: lazyRouteComponent(() => import("./page.tsx"), "InboxPage"),
  }),
};
