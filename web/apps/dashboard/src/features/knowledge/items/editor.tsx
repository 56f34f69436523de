/** Writing a question with its answer, or changing one. */
import { Divider } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "../../../api/client.ts";
import { useKept } from "../../../parts/kept.ts";
import { tellDone } from "../../../parts/notify.tsx";
import { Failure, Loading } from "../../../parts/states.tsx";
import { texts as everywhere } from "../../../parts/texts.ts";
import { useTexts } from "../../../texts/index.ts";
import { Form, Sheet, useSending } from "../form.tsx";
import { Answers } from "../pages/viewer.tsx";
import { isStale, itemQuery, refresh } from "../queries.ts";
import { texts as shared } from "../texts.ts";
import { ItemFields, itemOf, NO_ITEM, textsOf } from "./fields.tsx";
import { texts } from "./texts.ts";

export function ItemEditor({ projectId, id, close }: { projectId: string; id: string | undefined; close: () => void }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  return (
    <>
      <Sheet title={s.addQuestion} isOpen={id === "new"} close={close} wide><NewItem projectId={projectId} close={close} /></Sheet>
      <Sheet title={t.edit} isOpen={Boolean(id?.startsWith("item_"))} close={close} wide>{id && <Known projectId={projectId} id={id} close={close} />}</Sheet>
    </>
  );
}

function NewItem({ projectId, close }: { projectId: string; close: () => void }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const { given, change, forget } = useKept(`${projectId}:question`, NO_ITEM);
  const sending = useSending(given, async (once) => {
    await api.POST("/v1/projects/{project_id}/items", { params: { path: { project_id: projectId }, header: { "Idempotency-Key": once } }, body: itemOf(given) });
    tellDone(t.added(given.question));
    forget();
    close();
    await refresh(projectId);
  });
  return <Form label={s.addQuestion} yes={t.addQuestion} sending={sending} close={close}><ItemFields projectId={projectId} given={given} change={change} focus="question" /></Form>;
}

function Known({ projectId, id, close }: { projectId: string; id: string; close: () => void }) {
  const { data, error, refetch } = useQuery(itemQuery(projectId, id));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  return <Changing projectId={projectId} item={data.item} tag={data.tag} close={close} />;
}

function Changing({ projectId, item, tag, close }: { projectId: string; item: Schemas["ItemOut"]; tag: string; close: () => void }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const e = useTexts(everywhere);
  const path = { project_id: projectId, item_id: item.id };
  const [seen, setSeen] = useState(tag);
  const [given, setGiven] = useState(() => textsOf(item));
  const sending = useSending(given, async () => {
    try {
      await api.PUT("/v1/projects/{project_id}/items/{item_id}", { params: { path, header: { "If-Match": seen } }, body: itemOf(given) });
    } catch (error) {
      if (!isStale(error)) throw error;
      const { response } = await api.GET("/v1/projects/{project_id}/items/{item_id}", { params: { path } });
      setSeen(response.headers.get("ETag") ?? "");
      throw new Error(s.changedMeanwhile);
    }
    tellDone(t.saved);
    close();
    await refresh(projectId);
  });
  return (
    <>
      <Form label={t.edit} yes={e.save} sending={sending} close={close}>
        <ItemFields projectId={projectId} given={given} change={(part) => setGiven({ ...given, ...part })} focus="answer" />
      </Form>
      <Divider my="lg" />
      <Answers projectId={projectId} id={item.id} />
    </>
  );
}
