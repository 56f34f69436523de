/** Name, limits and schedule of a source. */
import { NativeSelect, NumberInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { api } from "../../../api/client.ts";
import { tellDone } from "../../../parts/notify.tsx";
import { texts as everywhere } from "../../../parts/texts.ts";
import { useTexts } from "../../../texts/index.ts";
import { Form, Sheet, useSending } from "../form.tsx";
import { isStale, refresh } from "../queries.ts";
import { lines, type Source } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { schedules } from "./schedules.ts";
import { texts } from "./texts.ts";

type Props = { projectId: string; source: Source; tag: string; close: () => void };

export function SourceSettings({ isOpen, ...props }: Props & { isOpen: boolean }) {
  const t = useTexts(texts);
  return <Sheet title={t.settingsOf} isOpen={isOpen} close={props.close}><Fields {...props} /></Sheet>;
}

function Fields({ projectId, source, tag, close }: Props) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const e = useTexts(everywhere);
  const path = { project_id: projectId, source_id: source.id };
  // What the person has seen: what somebody else changes meanwhile must not be overwritten unseen.
  const [seen, setSeen] = useState(tag);
  const [given, setGiven] = useState(() => ({
    name: source.name,
    include: source.settings?.include.join("\n") ?? "",
    exclude: source.settings?.exclude.join("\n") ?? "",
    maxPages: String(source.settings?.max_pages ?? ""),
    every: String(source.sync_every_hours ?? ""),
  }));
  const change = (part: Partial<typeof given>) => setGiven({ ...given, ...part });
  const sending = useSending(given, async () => {
    const body = {
      name: given.name,
      sync_every_hours: given.every ? Number(given.every) : null,
      ...(source.kind === "site" && { include: lines(given.include), exclude: lines(given.exclude), max_pages: given.maxPages ? Number(given.maxPages) : null }),
    };
    try {
      await api.PATCH("/v1/projects/{project_id}/sources/{source_id}", { params: { path, header: { "If-Match": seen } }, body });
    } catch (error) {
      if (!isStale(error)) throw error;
      const { response } = await api.GET("/v1/projects/{project_id}/sources/{source_id}", { params: { path } });
      setSeen(response.headers.get("ETag") ?? "");
      throw new Error(s.changedMeanwhile);
    }
    tellDone(t.settingsSaved);
    close();
    await refresh(projectId);
  });
  return (
    <Form label={t.settingsOf} yes={e.save} sending={sending} close={close}>
      <TextInput data-autofocus required label={t.name} dir="auto" maxLength={200} value={given.name} onChange={(event) => change({ name: event.currentTarget.value })} />
      {source.kind === "site" && (
        <>
          <Textarea label={t.include} autosize minRows={2} spellCheck={false} value={given.include} onChange={(event) => change({ include: event.currentTarget.value })} />
          <Textarea label={t.exclude} description={t.settingsPatterns} autosize minRows={2} spellCheck={false} value={given.exclude} onChange={(event) => change({ exclude: event.currentTarget.value })} />
          <NumberInput label={t.maxPages} placeholder={t.maxHint} min={1} max={1_000_000} hideControls value={given.maxPages} onChange={(value) => change({ maxPages: String(value) })} />
        </>
      )}
      <NativeSelect label={t.every} value={given.every} onChange={(event) => change({ every: event.currentTarget.value })} data={schedules(t, source.sync_every_hours)} />
    </Form>
  );
}
