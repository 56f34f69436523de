import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../../app/roots.tsx";

export const knowledgeRoutes = {
  knowledgeRoute: createRoute({
    getParentRoute: () => projectRoute,
    path: "/knowledge",
    component: lazyRouteComponent(() => import("./page.tsx"), "KnowledgePage"),
  }),
};
