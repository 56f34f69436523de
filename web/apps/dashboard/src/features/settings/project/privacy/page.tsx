/** How long what visitors leave is kept, what of it is hidden, and the requests of single people. */
import { SimpleGrid, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useMay } from "../../../../api/queries.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Page } from "../../../../parts/page.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { Card, SettingsForm } from "../../form.tsx";
import { texts as placeTexts } from "../../texts.ts";
import { isWhole, numberIn, textOf } from "../../values.ts";
import { type Project, projectCalls, useProjectDraft } from "../project.ts";
import { People } from "./people.tsx";
import { texts } from "./texts.ts";

const LONGEST_DAYS = 3650;

const privacyOf = ({ settings: { privacy, lead_capture } }: Project) => ({
  days: textOf(privacy.retention_days),
  leadDays: textOf(privacy.lead_retention_days),
  redact: privacy.redact,
  maskCards: privacy.mask_cards,
  consent: lead_capture.consent_text ?? "",
});

export function PrivacyPage() {
  const t = useTexts(texts);
  const title = useTexts(placeTexts).privacy;
  const may = useMay();
  const { project, form } = useProjectDraft({
    of: privacyOf,
    check: ({ days, leadDays }) => ({
      "settings.privacy.retention_days": !isWhole(days, 1, LONGEST_DAYS) && t.wrongDays,
      "settings.privacy.lead_retention_days": !isWhole(leadDays, 1, LONGEST_DAYS) && t.wrongDays,
    }),
    patch: (draft) => ({
      settings: {
        privacy: { retention_days: numberIn(draft.days), lead_retention_days: numberIn(draft.leadDays), redact: draft.redact, mask_cards: draft.maskCards },
        lead_capture: { consent_text: draft.consent.trim() || null },
      },
    }),
  });
  const at = `/v1/projects/${project.id}`;
  return (
    <Page title={title} lead={t.lead}>
      <SettingsForm form={form}>
        <Card title={t.keeping} lead={t.keepingLead}>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label={t.days} inputMode="numeric" placeholder={t.forEver} {...form.text("days", "settings.privacy.retention_days")} />
            <TextInput label={t.leadDays} inputMode="numeric" placeholder={t.forEver} {...form.text("leadDays", "settings.privacy.lead_retention_days")} />
          </SimpleGrid>
        </Card>
        <Card title={t.hiding}>
          <Switch label={t.redact} description={t.redactHelp} {...form.flag("redact", "settings.privacy.redact")} />
          <Switch label={t.maskCards} description={t.maskCardsHelp} {...form.flag("maskCards", "settings.privacy.mask_cards")} />
        </Card>
        <Card title={t.consent}>
          <Textarea label={t.consentText} description={t.consentHelp} autosize minRows={2} maxRows={10} maxLength={2000} dir="auto" {...form.text("consent", "settings.lead_capture.consent_text")} />
        </Card>
      </SettingsForm>
      {may("privacy:read") && <Stack mt="md"><People project={project} canWrite={may("privacy:write")} /></Stack>}
      <ApiCalls
        calls={[
          ...projectCalls(project.id, { settings: { privacy: { retention_days: 365 } } }),
          { method: "POST", path: `${at}/exports`, body: { email: "ann@example.com" } },
          { method: "POST", path: `${at}/erasures`, body: { email: "ann@example.com" } },
          { method: "GET", path: `${at}/erasures` },
        ]}
      />
    </Page>
  );
}
