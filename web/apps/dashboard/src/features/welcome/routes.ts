import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { accountRoute } from "../../app/roots.tsx";
import { readSearch } from "./steps.ts";

export const welcomeRoutes = {
  welcomeRoute: createRoute({
    getParentRoute: () => accountRoute,
    path: "/welcome",
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import("./page.tsx"), "WelcomePage"),
  }),
};
