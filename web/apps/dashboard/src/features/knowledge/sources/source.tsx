/** One source: its state, what is being read of it, its pages, and what has changed. */
import { Button, Group } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMay } from "../../../api/queries.ts";
import { useCommands } from "../../../app/commands.ts";
import { ApiCalls } from "../../../parts/apicalls.tsx";
import { Icon } from "../../../parts/icons.tsx";
import { tellFailure } from "../../../parts/notify.tsx";
import { Outside } from "../../../parts/outside.tsx";
import { Page } from "../../../parts/page.tsx";
import { useLanguage, useTexts } from "../../../texts/index.ts";
import { Mark } from "../mark.tsx";
import { DocumentList, PageList } from "../pages/list.tsx";
import { PageStates } from "../pages/page.tsx";
import { texts as ofPages } from "../pages/texts.ts";
import { Viewer } from "../pages/viewer.tsx";
import { sourceQuery, startSync } from "../queries.ts";
import { glance, isRunning, isWeb, type Source, stateOf } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { useSourceActions } from "./actions.ts";
import { Changes } from "./changes.tsx";
import { useFreshLists } from "./fresh.ts";
import { Held } from "./held.tsx";
import { LastReading, Reading } from "./reading.tsx";
import { SourceSettings } from "./settings.tsx";
import classes from "./sources.module.css";
import { texts } from "./texts.ts";

const FROM = "/p/$projectId/knowledge/sources/$sourceId";

export function SourcePage() {
  const s = useTexts(shared);
  const t = useTexts(texts);
  const p = useTexts(ofPages);
  useLanguage();
  const { projectId, sourceId } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const { source, tag } = useSuspenseQuery(sourceQuery(projectId, sourceId)).data;
  useFreshLists(projectId, [source]);
  const change = (part: Partial<typeof search>, replace = true) => void navigate({ search: (before) => ({ ...before, ...part }), replace });
  const choice = { opened: search.open, open: (open: string) => change({ open, passage: undefined }, false) };
  const sync = source.last_sync;
  return (
    <Page
      title={source.name}
      lead={
        <>
          <Link className={classes.back} to={isWeb(source) ? "/p/$projectId/knowledge" : "/p/$projectId/knowledge/files"} params={{ projectId }}><Icon name="left" size={14} />{isWeb(source) ? t.all : s.files}</Link>
          {" · "}{s[source.kind]}{source.url && <> · <Outside href={source.url} /></>}
        </>
      }
      actions={<Actions source={source} projectId={projectId} openSettings={() => change({ settings: true }, false)} />}
    >
      <Group gap="xs" mb="md"><Mark state={stateOf(source, s)} /><span className={classes.note}>{glance(source, s)}</span></Group>
      {sync && isRunning(sync) ? <Reading projectId={projectId} source={source} sync={sync} /> : <LastReading source={source} />}
      {sync && sync.removals_held > 0 && !isRunning(sync) && <Held projectId={projectId} sourceId={sourceId} sync={sync} />}
      {isWeb(source) && <Changes projectId={projectId} sourceId={sourceId} />}
      <div className={classes.section}>
        <h2>{isWeb(source) ? p.listed : p.documents}</h2>
        {isWeb(source) && <PageStates projectId={projectId} filter={{ source: sourceId, state: search.status }} change={(status) => change({ status })} />}
      </div>
      {isWeb(source) ? <PageList projectId={projectId} filter={{ source: sourceId, state: search.status }} {...choice} /> : <DocumentList projectId={projectId} sourceId={sourceId} {...choice} />}
      <Viewer projectId={projectId} id={search.open} passage={search.passage} mark={(passage) => change({ passage })} close={() => change({ open: undefined, passage: undefined })} />
      <SourceSettings projectId={projectId} source={source} tag={tag} isOpen={search.settings === true} close={() => change({ settings: undefined })} />
      <ApiCalls
        calls={[
          { method: "GET", path: `/v1/projects/${projectId}/sources/${sourceId}` },
          ...(isWeb(source) ? [{ method: "POST" as const, path: `/v1/projects/${projectId}/sources/${sourceId}/syncs`, body: {} }] : []),
          { method: "DELETE", path: `/v1/projects/${projectId}/sources/${sourceId}` },
        ]}
      />
    </Page>
  );
}

function Actions({ source, projectId, openSettings }: { source: Source; projectId: string; openSettings: () => void }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const navigate = useNavigate();
  const canWrite = useMay()("knowledge:write");
  const { remove } = useSourceActions(projectId);
  const canSync = canWrite && isWeb(source) && !(source.last_sync && isRunning(source.last_sync));
  const failed = source.last_sync?.failed ?? 0;
  const sync = (body: Parameters<typeof startSync>[2] = {}) => void startSync(projectId, source.id, body).catch(tellFailure);
  const leave = () => {
    remove(source);
    void navigate({ to: isWeb(source) ? "/p/$projectId/knowledge" : "/p/$projectId/knowledge/files", params: { projectId } });
  };
  useCommands([
    ...(canSync ? [{ id: "sync", label: t.syncNow, group: s.knowledge, keys: "r", run: () => sync() }] : []),
    ...(canWrite && isWeb(source) ? [{ id: "source-settings", label: t.settingsOf, group: s.knowledge, keys: "e", run: openSettings }] : []),
    ...(canWrite ? [{ id: "remove-source", label: s.remove, group: s.knowledge, run: leave }] : []),
  ]);
  if (!canWrite) return null;
  return (
    <>
      {canSync && <Button leftSection={<Icon name="refresh" size={16} />} onClick={() => sync()}>{t.syncNow}</Button>}
      {canSync && failed > 0 && <Button variant="default" onClick={() => sync({ only_failed: true })}>{t.retryFailed(failed)}</Button>}
      {isWeb(source) && <Button variant="default" onClick={openSettings}>{s.settings}</Button>}
      <Button variant="default" onClick={leave}>{s.remove}</Button>
    </>
  );
}
