import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { accountRoute, projectRoute } from "../../app/roots.tsx";
import { validateAuditSearch } from "./account/audit/search.ts";
import { validateKeysSearch } from "./account/keys/search.ts";
import { validateWebhookSearch } from "./account/webhooks/search.ts";

const layout = lazyRouteComponent(() => import("./layout.tsx"), "SettingsLayout");

const projectLayout = createRoute({ getParentRoute: () => projectRoute, path: "/settings", component: layout });
const accountLayout = createRoute({ getParentRoute: () => accountRoute, path: "/settings", component: layout });

const indexRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/",
  loader: ({ params }) => {
    throw redirect({ to: "/p/$projectId/settings/general", params });
  },
});

const generalRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/general",
  component: lazyRouteComponent(() => import("./project/general.tsx"), "GeneralPage"),
});

const lookRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/look",
  component: lazyRouteComponent(() => import("./project/look.tsx"), "LookPage"),
});

const websitesRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/websites",
  component: lazyRouteComponent(() => import("./project/websites.tsx"), "WebsitesPage"),
});

const hoursRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/hours",
  component: lazyRouteComponent(() => import("./project/hours.tsx"), "HoursPage"),
});

const agentsRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/agents",
  component: lazyRouteComponent(() => import("./project/agents.tsx"), "AgentsPage"),
});

const actionsRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/actions",
  component: lazyRouteComponent(() => import("./project/actions.tsx"), "ActionsPage"),
});

const searchRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/search",
  component: lazyRouteComponent(() => import("./project/search.tsx"), "SearchPage"),
});

const privacyRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/privacy",
  component: lazyRouteComponent(() => import("./project/privacy.tsx"), "PrivacyPage"),
});

const modelsRoute = createRoute({
  getParentRoute: () => accountLayout,
  path: "/models",
  component: lazyRouteComponent(() => import("./account/models.tsx"), "ModelsPage"),
});

const webhooksRoute = createRoute({
  getParentRoute: () => accountLayout,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("./account/webhooks/list.tsx"), "WebhooksPage"),
});

const webhookRoute = createRoute({
  getParentRoute: () => accountLayout,
  path: "/webhooks/$webhookId",
  validateSearch: validateWebhookSearch,
  component: lazyRouteComponent(() => import("./account/webhooks/webhook.tsx"), "WebhookPage"),
});

const keysRoute = createRoute({
  getParentRoute: () => accountLayout,
  path: "/keys",
  validateSearch: validateKeysSearch,
  component: lazyRouteComponent(() => import("./account/keys/page.tsx"), "KeysPage"),
});

const teamRoute = createRoute({
  getParentRoute: () => accountLayout,
  path: "/team",
  component: lazyRouteComponent(() => import("./account/team/page.tsx"), "TeamPage"),
});

const planRoute = createRoute({
  getParentRoute: () => accountLayout,
  path: "/plan",
  component: lazyRouteComponent(() => import("./account/plan/page.tsx"), "PlanPage"),
});

const auditRoute = createRoute({
  getParentRoute: () => accountLayout,
  path: "/audit",
  validateSearch: validateAuditSearch,
  component: lazyRouteComponent(() => import("./account/audit/page.tsx"), "AuditPage"),
});

const profileRoute = createRoute({
  getParentRoute: () => accountLayout,
  path: "/profile",
  component: lazyRouteComponent(() => import("./account/profile/page.tsx"), "ProfilePage"),
});

export const projectSettingsRoutes = {
  projectSettingsRoute: projectLayout.addChildren({
    indexRoute,
    generalRoute,
    lookRoute,
    websitesRoute,
    hoursRoute,
    agentsRoute,
    actionsRoute,
    searchRoute,
    privacyRoute,
  }),
};

export const accountSettingsRoutes = {
  accountSettingsRoute: accountLayout.addChildren({
    modelsRoute,
    webhooksRoute,
    webhookRoute,
    keysRoute,
    teamRoute,
    planRoute,
    auditRoute,
    profileRoute,
  }),
};
