/** When people are there for visitors, and when a conversation is passed on to them. */
import { Alert, Anchor, Skeleton, Text } from "@mantine/core";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, data } from "../../../api/client.ts";
import { ApiCalls } from "../../../parts/apicalls.tsx";
import { Icon } from "../../../parts/icons.tsx";
import { Page } from "../../../parts/page.tsx";
import { useLanguage, useTexts } from "../../../texts/index.ts";
import { SettingsForm } from "../form.tsx";
import { texts as placeTexts } from "../texts.ts";
import { agentsQuery } from "./agents/queries.ts";
import { Handing, handoffFaults, handoffIn, handoffOf } from "./handing.tsx";
import { HoursFields } from "./hours/fields.tsx";
import { hoursFaults, hoursIn, hoursOf } from "./hours/hours.ts";
import classes from "./hours/hours.module.css";
import { texts } from "./hours/texts.ts";
import { type Project, projectCalls, useProjectDraft } from "./project.ts";

const AT = "settings.office_hours";

/** Each version of the project has its own. */
const availabilityQuery = (projectId: string, version: number) =>
  queryOptions({
    queryKey: ["availability", projectId, version],
    queryFn: () => data(api.GET("/v1/projects/{project_id}/availability", { params: { path: { project_id: projectId } } })),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

const timesOf = ({ settings }: Project) => ({ hours: hoursOf(settings.office_hours), handoff: handoffOf(settings) });

export function HoursPage() {
  const t = useTexts(texts);
  const title = useTexts(placeTexts).hours;
  const { project, form } = useProjectDraft({
    of: timesOf,
    check: ({ hours, handoff }) => ({ ...hoursFaults(hours, AT, t), ...handoffFaults(handoff, t) }),
    patch: ({ hours, handoff }, base) => ({ settings: { office_hours: hoursIn(hours), ...handoffIn(handoff, base.handoff) } }),
  });
  return (
    <Page title={title} lead={t.lead}>
      <SettingsForm form={form}>
        <Now projectId={project.id} version={project.version} />
        <Unused projectId={project.id} />
        <HoursFields value={form.value.hours} onChange={(hours) => form.set({ hours })} at={AT} faultAt={form.faultAt} disabled={!form.canWrite} />
        <Handing value={form.value.handoff} onChange={(handoff) => form.set({ handoff })} faultAt={form.faultAt} disabled={!form.canWrite} />
      </SettingsForm>
      <ApiCalls
        calls={[
          { method: "GET", path: `/v1/projects/${project.id}/availability` },
          ...projectCalls(project.id, { settings: { office_hours: { timezone: "Europe/Berlin", days: { mon: [{ start: "09:00", end: "17:00" }] } } } }),
        ]}
      />
    </Page>
  );
}

/** Says so if the agent that answers goes by other hours than these. */
function Unused({ projectId }: { projectId: string }) {
  const t = useTexts(texts);
  const { data: agents = [] } = useQuery(agentsQuery(projectId));
  const active = agents.find((one) => one.active);
  if (!active || active.availability === "office_hours") return null;
  return (
    <Alert variant="light" icon={<Icon name="info" />}>
      {active.availability === "always" ? t.unusedAlways(active.name) : t.unusedOwn(active.name)}{" "}
      <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/p/$projectId/settings/agents" params={{ projectId }} search={{ agent: active.id }} {...props} />}>{t.openAgent(active.name)}</Anchor>
    </Alert>
  );
}

/** What the saved hours mean at this moment. */
function Now({ projectId, version }: { projectId: string; version: number }) {
  const t = useTexts(texts);
  const spoken = useLanguage();
  const { data: now } = useQuery(availabilityQuery(projectId, version));
  if (!now) return <Skeleton height={48} radius="md" />;
  const format = new Intl.DateTimeFormat(spoken, { weekday: "long", hour: "2-digit", minute: "2-digit", timeZone: now.timezone, timeZoneName: "short" });
  const next = now.next_opening && format.format(new Date(now.next_opening));
  return (
    <div className={classes.now} data-open={now.open_now || undefined}>
      <Icon name="clock" />
      <Text fw={600} component="span">{now.open_now ? t.openNow : t.closedNow}</Text>
      {!now.open_now && <span>{next ? t.opensAt(next) : t.neverOpens}</span>}
      {now.holiday && <span>{t.todayHoliday(now.holiday.name ?? "")}</span>}
    </div>
  );
}
