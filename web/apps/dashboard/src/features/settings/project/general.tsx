/** The project itself: its name, its languages, its limits, and its end. */
import { Group, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMay } from "../../../api/queries.ts";
import { ApiCalls } from "../../../parts/apicalls.tsx";
import { CopyButton } from "../../../parts/copy.tsx";
import { Page } from "../../../parts/page.tsx";
import { useTexts } from "../../../texts/index.ts";
import { usageQuery } from "../account/models/queries.ts";
import { CapFields, capFaults, capsIn, capTexts, type CapPeriod } from "../caps.tsx";
import { Card, SettingsForm } from "../form.tsx";
import { texts as placeTexts } from "../texts.ts";
import { isWhole, numberIn, textOf } from "../values.ts";
import { DeleteProject } from "./deleting.tsx";
import { texts } from "./generaltexts.ts";
import { DefaultLanguage, LanguagesField } from "./languages.tsx";
import { type Project, projectCalls, useProjectDraft } from "./project.ts";

const PERIODS: readonly CapPeriod[] = ["per_day", "per_month", "per_visitor_per_day", "per_visitor_per_month"];
const MOST = 1_000_000_000;

const generalOf = ({ name, settings: { languages, message_caps, spending_caps } }: Project) => ({
  name,
  offered: languages.offered,
  language: languages.default ?? "",
  perDay: textOf(message_caps.per_day),
  perVisitor: textOf(message_caps.per_visitor_per_day),
  caps: capTexts(spending_caps),
});

export function GeneralPage() {
  const t = useTexts(texts);
  const title = useTexts(placeTexts).general;
  const may = useMay();
  const { data: usage } = useQuery({ ...usageQuery, enabled: may("agents:read") });
  const { project, form } = useProjectDraft({
    of: generalOf,
    check: (draft) => ({
      name: !draft.name.trim() && t.nameNeeded,
      "settings.message_caps.per_day": !isWhole(draft.perDay, 0, MOST) && t.wrongNumber,
      "settings.message_caps.per_visitor_per_day": !isWhole(draft.perVisitor, 0, MOST) && t.wrongNumber,
      ...capFaults(draft.caps, "settings.spending_caps", t.wrongNumber),
    }),
    patch: (draft) => ({
      name: draft.name.trim(),
      settings: {
        languages: { offered: draft.offered, default: draft.offered.includes(draft.language) ? draft.language : null },
        message_caps: { per_day: numberIn(draft.perDay), per_visitor_per_day: numberIn(draft.perVisitor) },
        spending_caps: capsIn(draft.caps),
      },
    }),
  });
  const { value, set } = form;
  return (
    <Page title={title} lead={t.lead}>
      <SettingsForm form={form}>
        <Card title={t.project}>
          <TextInput label={t.name} maxLength={200} {...form.text("name")} />
          <Group align="flex-end" gap="xs">
            <TextInput label={t.id} description={t.idHelp} value={project.id} readOnly flex={1} miw={0} />
            <CopyButton value={project.id} label={t.copyId} />
          </Group>
        </Card>
        <Card title={t.languages} lead={t.languagesLead}>
          <LanguagesField label={t.offered} value={value.offered} onChange={(offered) => set({ offered })} {...form.field("offered", "settings.languages")} nothing={t.noLanguage} />
          {value.offered.length > 0 && (
            <DefaultLanguage label={t.default} description={t.defaultHelp} offered={value.offered} value={value.language} onChange={(language) => set({ language })} {...form.field("language", "settings.languages.default")} none={t.noDefault} />
          )}
        </Card>
        <Card title={t.caps} lead={t.capsLead}>
          <Group grow preventGrowOverflow={false} align="flex-start">
            <TextInput label={t.perDay} inputMode="numeric" placeholder={t.asPlan} {...form.text("perDay", "settings.message_caps.per_day")} />
            <TextInput label={t.perVisitor} inputMode="numeric" placeholder={t.asPlan} {...form.text("perVisitor", "settings.message_caps.per_visitor_per_day")} />
          </Group>
        </Card>
        <Card title={t.spending} lead={t.spendingLead}>
          <CapFields value={value.caps} onChange={(caps) => set({ caps })} periods={PERIODS} before="settings.spending_caps" faultAt={form.faultAt} currency={usage?.currency ?? null} disabled={!form.canWrite} />
        </Card>
      </SettingsForm>
      <Stack mt="md">{form.canWrite && <DeleteProject project={project} />}</Stack>
      <ApiCalls calls={[...projectCalls(project.id, { name: value.name }), { method: "DELETE", path: `/v1/projects/${project.id}` }]} />
    </Page>
  );
}
