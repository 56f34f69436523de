import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { accountRoute } from "../../app/roots.tsx";

export const welcomeRoutes = {
  welcomeRoute: createRoute({
    getParentRoute: () => accountRoute,
    path: "/welcome",
    component: lazyRouteComponent(() => import("./page.tsx"), "WelcomePage"),
  }),
};
