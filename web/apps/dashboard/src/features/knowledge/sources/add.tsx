/** Adding a website or a single page by its address. */
import { Collapse, NativeSelect, NumberInput, Stack, Textarea, TextInput, UnstyledButton } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../../api/client.ts";
import { Icon } from "../../../parts/icons.tsx";
import { useKept } from "../../../parts/kept.ts";
import { tellDone } from "../../../parts/notify.tsx";
import { useTexts } from "../../../texts/index.ts";
import { Form, Sheet, useSending } from "../form.tsx";
import { refresh } from "../queries.ts";
import { address, isRunning, lines } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { schedules } from "./schedules.ts";
import classes from "./sources.module.css";
import { texts } from "./texts.ts";

const NOTHING = { url: "", name: "", include: "", exclude: "", maxPages: "", every: "24" };
type Given = typeof NOTHING;

export function AddWebsite({ projectId, kind, close }: { projectId: string; kind: "site" | "page" | null; close: () => void }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  return (
    <Sheet title={kind === "page" ? s.addPage : s.addSite} isOpen={kind !== null} close={close}>
      {kind && <AddForm key={kind} projectId={projectId} kind={kind} close={close} yes={kind === "site" ? t.addSite : t.addPage} />}
    </Sheet>
  );
}

function AddForm({ projectId, kind, close, yes }: { projectId: string; kind: "site" | "page"; close: () => void; yes: string }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const [hasMore, setMore] = useState(false);
  const { given, change, forget } = useKept(`${projectId}:${kind}`, NOTHING);
  const add = useAddWebsite(projectId);
  const sending = useSending(given, async (once) => {
    await add(kind, given, once);
    forget();
  });
  return (
    <Form label={kind === "site" ? s.addSite : s.addPage} yes={yes} sending={sending} close={close}>
      <TextInput data-autofocus required label={t.address} description={kind === "site" ? t.siteNote : undefined} value={given.url} onChange={(event) => change({ url: event.currentTarget.value })} maxLength={2000} inputMode="url" autoCapitalize="none" spellCheck={false} placeholder={kind === "site" ? "https://example.com/help/" : "https://example.com/opening-hours"} />
      <div>
        <UnstyledButton className={classes.more} onClick={() => setMore(!hasMore)} aria-expanded={hasMore}>
          <Icon name={hasMore ? "up" : "down"} size={16} /> {t.more}
        </UnstyledButton>
        <Collapse expanded={hasMore}>
          <Stack gap="md" pt="sm">
            <TextInput label={t.name} placeholder={t.nameHint} value={given.name} onChange={(event) => change({ name: event.currentTarget.value })} maxLength={200} />
            {kind === "site" && (
              <>
                <Textarea label={t.include} description={t.patterns} autosize minRows={2} spellCheck={false} value={given.include} onChange={(event) => change({ include: event.currentTarget.value })} />
                <Textarea label={t.exclude} description={t.patterns} autosize minRows={2} spellCheck={false} value={given.exclude} onChange={(event) => change({ exclude: event.currentTarget.value })} />
                <NumberInput label={t.maxPages} placeholder={t.maxHint} min={1} max={1_000_000} hideControls value={given.maxPages} onChange={(value) => change({ maxPages: String(value) })} />
              </>
            )}
            <NativeSelect label={t.every} value={given.every} onChange={(event) => change({ every: event.currentTarget.value })} data={schedules(t)} />
          </Stack>
        </Collapse>
      </div>
    </Form>
  );
}

/** Adds it, says whether it is new, and opens its page, where one sees it being read. */
export function useAddWebsite(projectId: string): (kind: "site" | "page", given: Partial<Given> & { url: string }, once: string) => Promise<void> {
  const t = useTexts(texts);
  const navigate = useNavigate();
  return async (kind, given, once) => {
    const body = {
      kind,
      url: address(given.url),
      sync_every_hours: given.every === undefined ? 24 : given.every ? Number(given.every) : null,
      include: lines(given.include ?? ""),
      exclude: lines(given.exclude ?? ""),
      ...(given.name?.trim() && { name: given.name.trim() }),
      ...(given.maxPages && { max_pages: Number(given.maxPages) }),
    };
    const { data: source } = await api.POST("/v1/projects/{project_id}/sources", { params: { path: { project_id: projectId }, header: { "Idempotency-Key": once } }, body });
    if (!source) return;
    const isNew = source.last_sync?.cause === "added" && isRunning(source.last_sync);
    tellDone(isNew ? t.added : t.known);
    void refresh(projectId);
    await navigate({ to: "/p/$projectId/knowledge/sources/$sourceId", params: { projectId, sourceId: source.id } });
  };
}
