import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../../app/roots.tsx";

export const leadsRoutes = {
  leadsRoute: createRoute({
    getParentRoute: () => projectRoute,
    path: "/leads",
    component: lazyRouteComponent(() => import("./page.tsx"), "LeadsPage"),
  }),
};
