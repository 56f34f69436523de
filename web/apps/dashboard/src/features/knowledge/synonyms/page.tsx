/** Words that mean the same, group by group. */
import { ActionIcon, TagsInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas } from "../../../api/client.ts";
import { useMay } from "../../../api/queries.ts";
import { ApiCalls } from "../../../parts/apicalls.tsx";
import { removeLater, useHidden } from "../../../parts/hidden.ts";
import { Icon } from "../../../parts/icons.tsx";
import { useKept } from "../../../parts/kept.ts";
import { tellDone } from "../../../parts/notify.tsx";
import { Empty } from "../../../parts/states.tsx";
import { texts as everywhere } from "../../../parts/texts.ts";
import { useTexts } from "../../../texts/index.ts";
import { Form, useSending } from "../form.tsx";
import list from "../list.module.css";
import { isStale, refresh, removeAt, synonymsQuery } from "../queries.ts";
import { texts as shared } from "../texts.ts";
import classes from "./synonyms.module.css";
import { texts } from "./texts.ts";

type Group = Schemas["SynonymsOut"];

export function SynonymsPage() {
  const t = useTexts(texts);
  const { projectId } = useParams({ from: "/p/$projectId/knowledge" });
  const canWrite = useMay()("knowledge:write");
  const hidden = useHidden();
  const [editing, setEditing] = useState("");
  const groups = useSuspenseQuery(synonymsQuery(projectId)).data.filter(({ id }) => !hidden.has(id));
  return (
    <>
      {groups.length > 0 && <p className={list.note}>{t.lead}</p>}
      {groups.length === 0 && <Empty icon="copy" title={t.none}>{canWrite ? t.noneText : t.nobody}</Empty>}
      {canWrite && <div className={classes.add}><AddGroup projectId={projectId} /></div>}
      {groups.length > 0 && (
        <ul className={list.list} aria-label={t.listed}>
          {groups.map((group) =>
            group.id === editing ? (
              <li key={group.id} className={list.row}><div className={list.body}><EditGroup projectId={projectId} group={group} close={() => setEditing("")} /></div></li>
            ) : (
              <Row key={group.id} group={group} canWrite={canWrite} edit={() => setEditing(group.id)} remove={() => removeLater(group.id, t.removed, () => removeAt(projectId, `synonyms/${group.id}`))} />
            ),
          )}
        </ul>
      )}
      <ApiCalls
        calls={[
          { method: "GET", path: `/v1/projects/${projectId}/synonyms` },
          { method: "POST", path: `/v1/projects/${projectId}/synonyms`, body: { terms: t.first.split(", ") } },
        ]}
      />
    </>
  );
}

function Row({ group, canWrite, edit, remove }: { group: Group; canWrite: boolean; edit: () => void; remove: () => void }) {
  const t = useTexts(texts);
  const words = group.terms.join(", ");
  return (
    <li className={list.row}>
      <ul className={classes.terms}>{group.terms.map((term) => <li key={term} dir="auto">{term}</li>)}</ul>
      {canWrite && (
        <>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.edit(words)} onClick={edit}><Icon name="edit" size={16} /></ActionIcon>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.remove(words)} onClick={remove}><Icon name="trash" size={16} /></ActionIcon>
        </>
      )}
    </li>
  );
}

function AddGroup({ projectId }: { projectId: string }) {
  const t = useTexts(texts);
  const { given, change, forget } = useKept(`${projectId}:synonyms`, { terms: [] as string[] });
  const sending = useSending(given, async (once) => {
    if (given.terms.length < 2) throw new Error(t.atLeastTwo);
    await api.POST("/v1/projects/{project_id}/synonyms", { params: { path: { project_id: projectId }, header: { "Idempotency-Key": once } }, body: given });
    tellDone(t.added);
    forget();
    await refresh(projectId);
  });
  return (
    <Form label={t.add} yes={t.add} sending={sending}>
      <Terms value={given.terms} change={(terms) => change({ terms })} placeholder={t.first} />
    </Form>
  );
}

function EditGroup({ projectId, group, close }: { projectId: string; group: Group; close: () => void }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const e = useTexts(everywhere);
  const path = { project_id: projectId, synonyms_id: group.id };
  const [terms, setTerms] = useState(group.terms);
  const [version, setVersion] = useState(group.version);
  const sending = useSending(terms, async () => {
    if (terms.length < 2) throw new Error(t.atLeastTwo);
    // The list shows whole groups, so their versions tell whether this one is still the same.
    const { data: now, response } = await api.GET("/v1/projects/{project_id}/synonyms/{synonyms_id}", { params: { path } });
    const tag = response.headers.get("ETag");
    if (now && now.version !== version) {
      setVersion(now.version);
      throw new Error(s.changedMeanwhile);
    }
    try {
      await api.PUT("/v1/projects/{project_id}/synonyms/{synonyms_id}", { params: { path, header: { "If-Match": tag } }, body: { terms } });
    } catch (error) {
      throw isStale(error) ? new Error(s.changedMeanwhile) : error;
    }
    tellDone();
    close();
    await refresh(projectId);
  });
  return <Form label={t.editing} yes={e.save} sending={sending} close={close}><Terms value={terms} change={setTerms} focus /></Form>;
}

function Terms({ value, change, placeholder, focus }: { value: string[]; change: (terms: string[]) => void; placeholder?: string; focus?: boolean }) {
  const t = useTexts(texts);
  return <TagsInput autoFocus={focus} label={t.words} description={t.hint} value={value} onChange={change} placeholder={value.length ? undefined : placeholder} splitChars={[",", ";"]} acceptValueOnBlur dir="auto" />;
}
