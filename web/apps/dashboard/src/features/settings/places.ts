/** The settings' pages that the person may see. */
import { useMay } from "../../api/queries.ts";
import { useProjectId } from "../../app/shell/projectid.ts";
import { useTexts } from "../../texts/index.ts";
import { texts } from "./texts.ts";

const OF_PROJECT = [
  { name: "general", scope: "projects:read" },
  { name: "look", scope: "projects:read" },
  { name: "websites", scope: "projects:read" },
  { name: "hours", scope: "projects:read" },
  { name: "agents", scope: "agents:read" },
  { name: "actions", scope: "agents:read" },
  { name: "search", scope: "knowledge:read" },
  { name: "privacy", scope: "projects:read" },
] as const;

const OF_ACCOUNT = [
  { name: "models", scope: "agents:read" },
  { name: "webhooks", scope: "webhooks:read" },
  { name: "keys", scope: "keys:read" },
  { name: "team", scope: "members:read" },
  { name: "plan", scope: "account:read" },
  { name: "audit", scope: "audit:read" },
  { name: "profile", scope: "" },
] as const;

type Place = { name: keyof (typeof texts)["en"]; to: string };

/** The pages of the project that is chosen, then those of the whole account. */
export function useSettingsPlaces(): { title: string; places: Place[] }[] {
  const t = useTexts(texts);
  const may = useMay();
  const projectId = useProjectId();
  const of = (places: readonly { name: Place["name"]; scope: string }[], before: string) =>
    places.filter(({ scope }) => !scope || may(scope)).map(({ name }) => ({ name, to: `${before}/settings/${name}` }));
  return [
    ...(projectId ? [{ title: t.ofProject, places: of(OF_PROJECT, `/p/${projectId}`) }] : []),
    { title: t.ofAccount, places: of(OF_ACCOUNT, "") },
  ];
}
