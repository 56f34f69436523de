import { createRoute, lazyRouteComponent, notFound, redirect } from "@tanstack/react-router";
import { projectsQuery } from "../../api/queries.ts";
import { lastProject } from "../../app/project.ts";
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

/** Settings without a project: those of the project of the last visit. */
const accountIndexRoute = createRoute({
  getParentRoute: () => accountLayout,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/$part", params: { part: "general" }, replace: true });
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
  validateSearch: ({ language }: Record<string, unknown>) => (typeof language === "string" ? { language } : {}),
  component: lazyRouteComponent(() => import("./project/look/page.tsx"), "LookPage"),
});

const websitesRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/websites",
  component: lazyRouteComponent(() => import("./project/websites/page.tsx"), "WebsitesPage"),
});

const hoursRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/hours",
  component: lazyRouteComponent(() => import("./project/hours.tsx"), "HoursPage"),
});

const agentsRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/agents",
  validateSearch: ({ agent }: Record<string, unknown>) => (typeof agent === "string" ? { agent } : {}),
  component: lazyRouteComponent(() => import("./project/agents/page.tsx"), "AgentsPage"),
});

const actionsRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/actions",
  validateSearch: ({ action }: Record<string, unknown>) => (typeof action === "string" ? { action } : {}),
  component: lazyRouteComponent(() => import("./project/actions/page.tsx"), "ActionsPage"),
});

const searchRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/search",
  component: lazyRouteComponent(() => import("./project/search/page.tsx"), "SearchPage"),
});

const privacyRoute = createRoute({
  getParentRoute: () => projectLayout,
  path: "/privacy",
  component: lazyRouteComponent(() => import("./project/privacy/page.tsx"), "PrivacyPage"),
});

const PARTS = {
  general: "/p/$projectId/settings/general",
  look: "/p/$projectId/settings/look",
  websites: "/p/$projectId/settings/websites",
  hours: "/p/$projectId/settings/hours",
  agents: "/p/$projectId/settings/agents",
  actions: "/p/$projectId/settings/actions",
  search: "/p/$projectId/settings/search",
  privacy: "/p/$projectId/settings/privacy",
} as const;

const isPart = (name: string): name is keyof typeof PARTS => Object.hasOwn(PARTS, name);

/**
 * `/app/settings/websites` and its like: addresses without a project, which other services'
 * documents, our own messages and links of before name. They lead to the project that `?project=`
 * names, else to that of the last visit.
 */
const partRoute = createRoute({
  getParentRoute: () => accountLayout,
  path: "/$part",
  validateSearch: ({ project }: Record<string, unknown>) => (typeof project === "string" ? { project } : {}),
  loaderDeps: ({ search }) => search,
  loader: async ({ context: { queryClient }, deps: { project }, params: { part } }) => {
    if (!isPart(part)) throw notFound();
    const projects = await queryClient.ensureQueryData(projectsQuery);
    const found = project ?? (projects.find(({ id }) => id === lastProject()) ?? projects[0])?.id;
    if (!found) throw redirect({ to: "/welcome" });
    throw redirect({ to: PARTS[part], params: { projectId: found } });
  },
});

const modelsRoute = createRoute({
  getParentRoute: () => accountLayout,
  path: "/models",
  component: lazyRouteComponent(() => import("./account/models/page.tsx"), "ModelsPage"),
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
    accountIndexRoute,
    partRoute,
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
