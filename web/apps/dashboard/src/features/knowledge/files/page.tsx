/** Files and texts: adding them, and what became of each. */
import { ActionIcon, TextInput } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMay } from "../../../api/queries.ts";
import { ApiCalls } from "../../../parts/apicalls.tsx";
import { useHidden } from "../../../parts/hidden.ts";
import { Icon } from "../../../parts/icons.tsx";
import { Moment } from "../../../parts/moment.tsx";
import { Empty } from "../../../parts/states.tsx";
import { useTexts } from "../../../texts/index.ts";
import list from "../list.module.css";
import { Mark } from "../mark.tsx";
import { reasonQuery, sourcesQuery } from "../queries.ts";
import { useSourceActions } from "../sources/actions.ts";
import { glance, type Source, stateOf } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { Drop } from "./drop.tsx";
import classes from "./files.module.css";
import { texts } from "./texts.ts";
import { Uploads } from "./uploads.tsx";

const KINDS = ["file", "text", "folder"];

export function FilesPage() {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const { projectId } = useParams({ from: "/p/$projectId/knowledge" });
  const { q = "" } = useSearch({ from: "/p/$projectId/knowledge/files" });
  const navigate = useNavigate();
  const canWrite = useMay()("knowledge:write");
  const hidden = useHidden();
  const all = useSuspenseQuery(sourcesQuery(projectId)).data.filter(({ id, kind }) => KINDS.includes(kind) && !hidden.has(id));
  const shown = all.filter(({ name }) => name.toLocaleLowerCase().includes(q.toLocaleLowerCase())).reverse();
  return (
    <>
      {canWrite && <Drop projectId={projectId} />}
      <Uploads projectId={projectId} />
      {all.length === 0 && <Empty icon="file" title={t.none}>{canWrite ? t.noneText : t.nobody}</Empty>}
      {all.length > 0 && (
        <>
          <div className={classes.bar}>
            <TextInput className={classes.search} type="search" aria-label={t.search} placeholder={t.search} leftSection={<Icon name="search" size={16} />} value={q} onChange={(event) => void navigate({ to: ".", search: { q: event.currentTarget.value || undefined }, replace: true })} />
          </div>
          <ul className={list.list} aria-label={t.listed}>
            {shown.map((source) => <Row key={source.id} source={source} projectId={projectId} canWrite={canWrite} />)}
            {shown.length === 0 && <li className={list.nothing}>{s.nothingFound}</li>}
          </ul>
        </>
      )}
      <ApiCalls
        calls={[
          { method: "POST", path: `/v1/projects/${projectId}/texts`, body: { title: "Opening hours", content: "We open at nine." } },
          { method: "GET", path: `/v1/projects/${projectId}/sources` },
        ]}
      />
    </>
  );
}

function Row({ source, projectId, canWrite }: { source: Source; projectId: string; canWrite: boolean }) {
  const s = useTexts(shared);
  const { remove } = useSourceActions(projectId);
  return (
    <li className={list.row}>
      <div className={list.body}>
        <div className={list.head}>
          <Link className={list.name} to="/p/$projectId/knowledge/sources/$sourceId" params={{ projectId, sourceId: source.id }} dir="auto">{source.name}</Link>
          <Mark state={stateOf(source, s)} />
        </div>
        <p className={list.note}>
          {s[source.kind]}{source.kind === "folder" && ` · ${glance(source, s)}`} · <Moment at={source.created_at} />
        </p>
        {source.failed > 0 && source.kind !== "folder" && <Reason projectId={projectId} sourceId={source.id} />}
      </div>
      {canWrite && <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${s.remove}: ${source.name}`} onClick={() => remove(source)}><Icon name="trash" size={16} /></ActionIcon>}
    </li>
  );
}

/** Why a file could not be read. */
function Reason({ projectId, sourceId }: { projectId: string; sourceId: string }) {
  const { data } = useQuery(reasonQuery(projectId, sourceId));
  return data ? <p className={list.reason}>{data}</p> : null;
}
