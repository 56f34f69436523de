import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../../app/roots.tsx";
import { validateLeadSearch } from "./search.ts";

export const leadsRoutes = {
  leadsRoute: createRoute({
    getParentRoute: () => projectRoute,
    path: "/leads",
    validateSearch: validateLeadSearch,
    component: lazyRouteComponent(() => import("./page.tsx"), "LeadsPage"),
  }),
};
