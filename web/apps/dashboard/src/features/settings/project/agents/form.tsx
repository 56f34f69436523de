/** One agent: who it is, what it says, when people are there, which model writes. */
import { Anchor, Badge, Checkbox, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../../../api/client.ts";
import { queryClient, useMay } from "../../../../api/queries.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Icon } from "../../../../parts/icons.tsx";
import { Page } from "../../../../parts/page.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { modelsQuery } from "../../account/models/queries.ts";
import { saveOver, useDraft } from "../../draft.ts";
import { Card, SettingsForm } from "../../form.tsx";
import { actionsQuery } from "../actions/queries.ts";
import { HoursFields } from "../hours/fields.tsx";
import { hoursFaults, hoursIn, hoursOf, NO_HOURS } from "../hours/hours.ts";
import { texts as hoursTexts } from "../hours/texts.ts";
import { DefaultLanguage, LanguagesField } from "../languages.tsx";
import type { Project } from "../project.ts";
import { texts as generalTexts } from "../generaltexts.ts";
import { type Agent, agentsQuery } from "./queries.ts";
import { texts } from "./texts.ts";

const agentOf = (agent: Agent) => ({
  name: agent.name,
  greeting: agent.greeting ?? "",
  persona: agent.persona,
  instructions: agent.instructions,
  model: agent.model ?? "",
  verification: agent.verification as string,
  knowledge: agent.knowledge as string,
  actions: agent.actions,
  availability: agent.availability as string,
  hours: hoursOf(agent.hours ?? NO_HOURS),
  offered: agent.languages?.offered ?? [],
  language: agent.languages?.default ?? "",
  profile: hoursOf(agent.response_profile),
});

type AgentDraft = ReturnType<typeof agentOf>;

const patchOf = (draft: AgentDraft) => ({
  name: draft.name.trim(),
  greeting: draft.greeting.trim() || null,
  persona: draft.persona.trim(),
  instructions: draft.instructions.trim(),
  model: draft.model || null,
  verification: draft.verification,
  knowledge: draft.knowledge,
  actions: draft.actions,
  availability: draft.availability,
  languages: draft.offered.length ? { offered: draft.offered, default: draft.offered.includes(draft.language) ? draft.language : null } : null,
  response_profile: hoursIn(draft.profile),
  ...(draft.availability === "own_hours" ? { hours: hoursIn(draft.hours) } : {}),
});

export function AgentForm({ agent, project }: { agent: Agent; project: Project }) {
  const t = useTexts(texts);
  const ofHours = useTexts(hoursTexts);
  const may = useMay();
  const params = { path: { project_id: project.id, agent_id: agent.id } };
  const keep = (changed: Agent) =>
    queryClient.setQueryData(agentsQuery(project.id).queryKey, (known: Agent[] | undefined) => known?.map((one) => (one.id === changed.id ? changed : one)));
  const form = useDraft({
    saved: agentOf(agent),
    canWrite: may("agents:write"),
    roots: ["hours", "response_profile", "languages"],
    check: ({ name, availability, hours, profile }) => ({
      name: !name.trim() && t.nameNeeded,
      ...(availability === "own_hours" ? hoursFaults(hours, "hours", ofHours) : {}),
      ...hoursFaults(profile, "response_profile", ofHours),
    }),
    save: (draft, base) =>
      saveOver({
        of: agentOf,
        base,
        keep,
        read: () => api.GET("/v1/projects/{project_id}/agents/{agent_id}", { params }),
        write: (tag) => api.PATCH("/v1/projects/{project_id}/agents/{agent_id}", { params: { ...params, header: { "If-Match": tag } }, body: patchOf(draft) }),
      }),
  });
  const { value, set } = form;
  const disabled = !form.canWrite;
  const at = `/v1/projects/${project.id}/agents/${agent.id}`;
  return (
    <Page title={agent.name} lead={<Back projectId={project.id} />} actions={agent.active && <Badge variant="light" color="teal" size="lg">{t.active}</Badge>}>
      <SettingsForm form={form}>
        <Card title={t.who}>
          <TextInput label={t.name} description={t.nameHelp} maxLength={200} {...form.text("name")} />
          <Textarea label={t.greeting} description={project.settings.look.welcome ? t.greetingHidden : t.greetingHelp} autosize minRows={2} maxRows={6} maxLength={500} dir="auto" {...form.text("greeting")} />
        </Card>
        <Writing form={form} projectId={project.id} />
        <Card title={t.availability} lead={t.availabilityLead}>
          <NativeSelect label={t.available} {...form.text("availability")} data={(["always", "office_hours", "own_hours"] as const).map((one) => ({ value: one, label: t.availabilities[one] }))} />
        </Card>
        {value.availability === "own_hours" && <HoursFields title={t.ownHours} daysOff={t.ownHolidays} value={value.hours} onChange={(hours) => set({ hours })} at="hours" faultAt={form.faultAt} disabled={disabled} />}
        <Languages form={form} />
        <HoursFields title={t.profile} when={t.profileWhen} always={t.profileAlways} lead={t.profileLead} daysOff={t.daysOff} noDaysOff={t.noDaysOff} value={value.profile} onChange={(profile) => set({ profile })} at="response_profile" faultAt={form.faultAt} disabled={disabled} />
      </SettingsForm>
      <ApiCalls calls={[{ method: "GET", path: at }, { method: "PATCH", path: at, body: { greeting: value.greeting, model: value.model || null } }, { method: "POST", path: `${at}/activate` }]} />
    </Page>
  );
}

export function Back({ projectId }: { projectId: string }) {
  const t = useTexts(texts);
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/p/$projectId/settings/agents" params={{ projectId }} {...props} />}>
      <Icon name="left" size={14} /> {t.back}
    </Anchor>
  );
}

type PartProps = { form: ReturnType<typeof useDraft<AgentDraft>> };

function Writing({ form, projectId }: PartProps & { projectId: string }) {
  const t = useTexts(texts);
  const { data: models = [] } = useQuery(modelsQuery);
  const { data: actions = [] } = useQuery(actionsQuery(projectId));
  const { value, set, canWrite } = form;
  const usable = [...new Set(models.filter((one) => one.project_id === null || one.project_id === projectId).map(({ name }) => name))];
  const missing = value.model && !usable.includes(value.model) ? [{ value: value.model, label: t.unknownModel(value.model) }] : [];
  const reading = actions.filter((one) => one.method === "GET");
  return (
    <Card title={t.writing} lead={t.writingLead}>
      <NativeSelect label={t.model} description={t.modelHelp} {...form.text("model")} data={[{ value: "", label: t.noModel }, ...usable.map((one) => ({ value: one, label: one })), ...missing]} />
      {!models.length && <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/settings/models" {...props} />}>{t.addModel}</Anchor>}
      {value.model && (
        <>
          <Textarea label={t.persona} description={t.personaHelp} placeholder={t.personaExample} autosize minRows={2} maxRows={10} maxLength={2000} dir="auto" {...form.text("persona")} />
          <Textarea label={t.instructions} description={t.instructionsHelp} autosize minRows={3} maxRows={20} maxLength={20_000} dir="auto" {...form.text("instructions")} />
          <NativeSelect label={t.knowledge} {...form.text("knowledge")} data={[{ value: "strict", label: t.strict }, { value: "open", label: t.open }]} />
          <NativeSelect label={t.verification} {...form.text("verification")} data={[{ value: "mark", label: t.mark }, { value: "remove", label: t.removeUnproved }, { value: "off", label: t.off }]} />
          {reading.length > 0 && (
            <Checkbox.Group label={t.tools} description={t.toolsHelp} value={value.actions} onChange={(chosen) => set({ actions: chosen })} error={form.faultAt("actions")}>
              <Stack gap="xs" mt="xs">{reading.map(({ id, name }) => <Checkbox key={id} value={id} label={name} disabled={!canWrite} />)}</Stack>
            </Checkbox.Group>
          )}
        </>
      )}
    </Card>
  );
}

function Languages({ form }: PartProps) {
  const t = useTexts(texts);
  const common = useTexts(generalTexts);
  const { value, set } = form;
  return (
    <Card title={common.languages} lead={t.languagesLead}>
      <LanguagesField label={common.offered} value={value.offered} onChange={(offered) => set({ offered })} {...form.field("offered", "languages")} nothing={common.noLanguage} />
      {value.offered.length > 0 && <DefaultLanguage label={common.default} description={common.defaultHelp} offered={value.offered} value={value.language} onChange={(language) => set({ language })} {...form.field("language", "languages.default")} none={common.noDefault} />}
    </Card>
  );
}
