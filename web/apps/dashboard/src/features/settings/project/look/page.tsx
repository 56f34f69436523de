/** How the chat looks and what it says, beside the chat itself. */
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Page } from "../../../../parts/page.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { SettingsForm } from "../../form.tsx";
import { texts as placeTexts } from "../../texts.ts";
import { projectCalls, useProjectDraft } from "../project.ts";
import { ColorCard } from "./colors.tsx";
import { lookFaults, lookOf, lookPatch } from "./draft.ts";
import classes from "./look.module.css";
import { Preview } from "./preview.tsx";
import { writtenTextsQuery } from "./queries.ts";
import { TextsCard } from "./textscard.tsx";
import { texts } from "./texts.ts";
import { BeginCard, ContactCard } from "./words.tsx";

export function LookPage() {
  const t = useTexts(texts);
  const title = useTexts(placeTexts).look;
  const { data: own } = useSuspenseQuery(writtenTextsQuery);
  const { project, form } = useProjectDraft({
    of: lookOf,
    check: (draft) => lookFaults(draft, own, t),
    patch: (draft, base) => ({ settings: lookPatch(draft, base) }),
  });
  const { language = own.fallback } = useSearch({ strict: false }) as { language?: string };
  const navigate = useNavigate();
  const speak = (chosen: string) => void navigate({ to: ".", search: { language: chosen }, replace: true, resetScroll: false });
  const languages = [...new Set([...Object.keys(own.texts), ...Object.keys(form.value.texts), language])];
  return (
    <Page title={title} lead={t.lead} wide>
      <div className={classes.columns}>
        <SettingsForm form={form}>
          <ColorCard form={form} />
          <BeginCard form={form} />
          <ContactCard form={form} projectId={project.id} />
          <TextsCard form={form} own={own} language={language} languages={languages} speak={speak} />
        </SettingsForm>
        <Preview projectId={project.id} settings={lookPatch(form.value, lookOf(project))} language={language} languages={languages} speak={speak} />
      </div>
      <ApiCalls calls={projectCalls(project.id, { settings: { look: { color: form.value.color, position: form.value.position }, widget: { theme: form.value.theme } } })} />
    </Page>
  );
}
