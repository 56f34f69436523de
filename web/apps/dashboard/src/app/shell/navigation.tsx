/** The pages at the side, and the keys that lead to them. */
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useMay } from "../../api/queries.ts";
import { useSettingsPlaces } from "../../features/settings/places.ts";
import { texts as settingsTexts } from "../../features/settings/texts.ts";
import { Icon } from "../../parts/icons.tsx";
import { useTexts } from "../../texts/index.ts";
import { useCommands } from "../commands.ts";
import { texts } from "../texts.ts";
import { useProjectId } from "./projectid.ts";
import classes from "./shell.module.css";

/** Follows the inbox, which no page has to wait for. */
const Waiting = lazy(() => import("./waiting.tsx"));

/** In the order of a day's work. Those with a project lead to the one that is chosen. */
const PLACES = [
  { name: "overview", to: "/p/$projectId/overview", keys: "g o", scope: "projects:read" },
  { name: "inbox", to: "/inbox", keys: "g i", scope: "conversations:read" },
  { name: "knowledge", to: "/p/$projectId/knowledge", keys: "g k", scope: "knowledge:read" },
  { name: "review", to: "/p/$projectId/review", keys: "g r", scope: "knowledge:read" },
  { name: "leads", to: "/p/$projectId/leads", keys: "g l", scope: "leads:read" },
  { name: "playground", to: "/p/$projectId/playground", keys: "g p", scope: "knowledge:read" },
  { name: "settings", to: "/p/$projectId/settings", keys: "g s", scope: "projects:read" },
] as const;

export function Navigation() {
  const t = useTexts(texts);
  const inSettings = useTexts(settingsTexts);
  const may = useMay();
  const navigate = useNavigate();
  const projectId = useProjectId();
  const places = PLACES.filter(({ to, scope }) => may(scope) && (projectId || to === "/inbox"));
  const params = { projectId: projectId ?? "" };
  const settings = useSettingsPlaces().flatMap((group) => group.places);
  useCommands([
    ...places.map(({ name, to, keys }) => ({ id: `go-${name}`, label: t[name], group: t.goTo, keys, run: () => void navigate({ to, params }) })),
    ...settings.map(({ name, to }) => ({ id: `settings-${name}`, label: inSettings[name], group: t.settings, run: () => void navigate({ to }) })),
  ]);
  return (
    <nav className={classes.links} aria-label={t.pages}>
      {places.map(({ name, to }) => (
        <Link key={name} to={to} params={params} className={classes.link}>
          <Icon name={name} />
          {t[name]}
          {name === "inbox" && <Suspense><Waiting /></Suspense>}
        </Link>
      ))}
    </nav>
  );
}
