/** How a chat begins, and what visitors are asked for. */
import { Anchor, Checkbox, Group, Switch, Textarea } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTexts } from "../../../../texts/index.ts";
import type { Draft } from "../../draft.ts";
import { Card } from "../../form.tsx";
import { LEAD_FIELDS, type LookDraft } from "./draft.ts";
import { texts } from "./texts.ts";

export function BeginCard({ form }: { form: Draft<LookDraft> }) {
  const t = useTexts(texts);
  return (
    <Card title={t.begin}>
      <Textarea label={t.welcome} description={t.welcomeHelp} autosize minRows={2} maxRows={6} maxLength={500} dir="auto" {...form.text("welcome", "settings.look.welcome")} />
      <Textarea label={t.prompts} description={t.promptsHelp} autosize minRows={3} maxRows={12} dir="auto" {...form.text("prompts", "settings.look.quick_prompts")} />
    </Card>
  );
}

export function ContactCard({ form, projectId }: { form: Draft<LookDraft>; projectId: string }) {
  const t = useTexts(texts);
  const { value, set, canWrite } = form;
  const fault = form.faultAt("settings.lead_capture.fields");
  return (
    <Card title={t.contact}>
      <Switch label={t.offersPerson} description={t.offersPersonHelp} {...form.flag("offersPerson", "settings.widget.offers_person")} />
      <Switch label={t.asks} description={t.asksHelp} {...form.flag("asks", "settings.lead_capture.enabled")} />
      {value.asks && (
        <>
          <Checkbox.Group label={t.askFor} value={[...value.fields]} error={fault} onChange={(chosen) => set({ fields: LEAD_FIELDS.filter((one) => chosen.includes(one)) })}>
            <Group mt="xs">{LEAD_FIELDS.map((one) => <Checkbox key={one} value={one} label={t.leadFields[one]} disabled={!canWrite} />)}</Group>
          </Checkbox.Group>
          <Textarea label={t.message} description={t.messageHelp} autosize minRows={2} maxLength={500} dir="auto" {...form.text("message", "settings.lead_capture.message")} />
          <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/p/$projectId/settings/privacy" params={{ projectId }} {...props} />}>{t.consent}</Anchor>
        </>
      )}
    </Card>
  );
}
