/** Adding a text that is typed or pasted. */
import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import { api } from "../../../api/client.ts";
import { useKept } from "../../../parts/kept.ts";
import { tellDone } from "../../../parts/notify.tsx";
import { useTexts } from "../../../texts/index.ts";
import { Form, Sheet, useSending } from "../form.tsx";
import { refresh } from "../queries.ts";
import { address } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { texts } from "./texts.ts";

const FORMATS = ["text", "markdown", "html"] as const;
const NOTHING = { title: "", content: "", format: "text", url: "" };

export function AddText({ projectId, isOpen, close }: { projectId: string; isOpen: boolean; close: () => void }) {
  const s = useTexts(shared);
  return <Sheet title={s.addText} isOpen={isOpen} close={close} wide><TextForm projectId={projectId} close={close} /></Sheet>;
}

function TextForm({ projectId, close }: { projectId: string; close: () => void }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const { given, change, forget } = useKept(`${projectId}:text`, NOTHING);
  const sending = useSending(given, async (once) => {
    const format = FORMATS.find((one) => one === given.format) ?? "text";
    const body = { title: given.title, content: given.content, format, ...(given.url.trim() && { url: address(given.url) }) };
    await api.POST("/v1/projects/{project_id}/texts", { params: { path: { project_id: projectId }, header: { "Idempotency-Key": once } }, body });
    tellDone(t.textAdded(given.title));
    forget();
    close();
    await refresh(projectId);
  });
  return (
    <Form label={s.addText} yes={t.addText} sending={sending} close={close}>
      <TextInput data-autofocus required label={t.title} dir="auto" maxLength={500} value={given.title} onChange={(event) => change({ title: event.currentTarget.value })} />
      <Textarea required label={t.content} dir="auto" autosize minRows={8} maxRows={24} value={given.content} onChange={(event) => change({ content: event.currentTarget.value })} />
      <NativeSelect label={t.format} value={given.format} onChange={(event) => change({ format: event.currentTarget.value })} data={[{ value: "text", label: t.plain }, { value: "markdown", label: "Markdown" }, { value: "html", label: "HTML" }]} />
      <TextInput label={`${t.url} (${s.optional})`} description={t.urlNote} inputMode="url" spellCheck={false} autoCapitalize="none" maxLength={2000} placeholder="https://example.com/hours" value={given.url} onChange={(event) => change({ url: event.currentTarget.value })} />
    </Form>
  );
}
