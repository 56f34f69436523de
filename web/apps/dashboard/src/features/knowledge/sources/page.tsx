/** Everything that is answered from, source by source, with how fresh each is. */
import { ActionIcon, Button, Menu } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useMay } from "../../../api/queries.ts";
import { ApiCalls } from "../../../parts/apicalls.tsx";
import { useHidden } from "../../../parts/hidden.ts";
import { Icon, type IconName } from "../../../parts/icons.tsx";
import { tellFailure } from "../../../parts/notify.tsx";
import { Empty } from "../../../parts/states.tsx";
import { useLanguage, useTexts } from "../../../texts/index.ts";
import { Bar, Mark } from "../mark.tsx";
import { cancelSync, sourcesQuery, startSync } from "../queries.ts";
import { fraction, glance, isRunning, isWeb, type Source, stateOf } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { useSourceActions } from "./actions.ts";
import { EmptyKnowledge } from "./empty.tsx";
import classes from "./sources.module.css";
import { texts } from "./texts.ts";

const ICONS: Record<Source["kind"], IconName> = { site: "globe", page: "link", folder: "file", file: "file", text: "note", qa: "review" };

export function SourcesPage() {
  const t = useTexts(texts);
  const { projectId } = useParams({ from: "/p/$projectId/knowledge" });
  const may = useMay();
  const hidden = useHidden();
  const sources = useSuspenseQuery(sourcesQuery(projectId)).data.filter(({ id }) => !hidden.has(id));
  if (!sources.length) {
    return may("knowledge:write") ? <EmptyKnowledge projectId={projectId} /> : <Empty icon="knowledge" title={t.nothing}>{t.nothingText}</Empty>;
  }
  const single = sources.filter(({ kind }) => kind === "file" || kind === "text");
  return (
    <>
      <ul className={classes.list}>
        {sources.filter((one) => !single.includes(one)).map((source) => <Row key={source.id} source={source} projectId={projectId} />)}
        {single.length > 0 && <FilesRow sources={single} projectId={projectId} />}
      </ul>
      <ApiCalls
        calls={[
          { method: "GET", path: `/v1/projects/${projectId}/sources` },
          { method: "POST", path: `/v1/projects/${projectId}/sources`, body: { kind: "site", url: "https://example.com" } },
        ]}
      />
    </>
  );
}

function Row({ source, projectId }: { source: Source; projectId: string }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  useLanguage();
  const { last_sync: sync } = source;
  const isReading = sync !== null && isRunning(sync);
  const part = sync && isReading ? fraction(sync) : null;
  return (
    <li className={classes.row}>
      <span className={classes.icon}><Icon name={ICONS[source.kind]} /></span>
      <div className={classes.body}>
        <div className={classes.head}>
          {source.kind === "qa" ? (
            <Link className={classes.name} to="/p/$projectId/knowledge/questions" params={{ projectId }}>{s.qa}</Link>
          ) : (
            <Link className={classes.name} to="/p/$projectId/knowledge/sources/$sourceId" params={{ projectId, sourceId: source.id }} dir="auto">{source.name}</Link>
          )}
          <Mark state={stateOf(source, s)} />
        </div>
        <p className={classes.note}>{source.kind === "qa" ? "" : `${s[source.kind]} · `}{glance(source, s)}</p>
        {isReading && <Bar value={part} label={t.progress(source.name)} says={part === null ? undefined : t.percent(Math.floor(part * 100))} />}
        {sync?.state === "failed" && sync.error && <p className={classes.reason}>{sync.error}</p>}
      </div>
      <RowActions source={source} projectId={projectId} />
    </li>
  );
}

function RowActions({ source, projectId }: { source: Source; projectId: string }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const may = useMay();
  const { pause, resume, remove } = useSourceActions(projectId);
  if (!may("knowledge:write") || source.kind === "qa") return null;
  const sync = source.last_sync;
  const isReading = sync !== null && isRunning(sync);
  const sourceId = source.id;
  return (
    <div className={classes.actions}>
      {isWeb(source) && sync && isReading && <Button size="xs" variant="default" onClick={() => void cancelSync(projectId, sourceId, sync.id).catch(tellFailure)}>{t.cancel}</Button>}
      {isWeb(source) && !isReading && <Button size="xs" variant="default" leftSection={<Icon name="refresh" size={14} />} onClick={() => void startSync(projectId, sourceId).catch(tellFailure)}>{t.syncNow}</Button>}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={s.actions(source.name)}><Icon name="more" /></ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isWeb(source) && (
            <>
              <Menu.Item leftSection={<Icon name="settings" size={16} />} component={Link} to={`/p/${projectId}/knowledge/sources/${sourceId}?settings=true`}>{s.settings}</Menu.Item>
              {source.sync_every_hours === null ? (
                <Menu.Item leftSection={<Icon name="play" size={16} />} onClick={() => void resume(source)}>{t.resume}</Menu.Item>
              ) : (
                <Menu.Item leftSection={<Icon name="pause" size={16} />} onClick={() => void pause(source)}>{t.pause}</Menu.Item>
              )}
            </>
          )}
          <Menu.Item leftSection={<Icon name="trash" size={16} />} onClick={() => remove(source)}>{s.remove}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** Files and texts together: there can be hundreds, and they have a tab of their own. */
function FilesRow({ sources, projectId }: { sources: Source[]; projectId: string }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const sum = (of: (one: Source) => number) => sources.reduce((so_far, one) => so_far + of(one), 0);
  const [pending, failed] = [sum((one) => one.pending), sum((one) => one.failed)];
  const state = pending ? { tone: "busy" as const, text: s.beingRead(pending) } : failed ? { tone: "warn" as const, text: s.someFailed(failed) } : { tone: "good" as const, text: s.good };
  return (
    <li className={classes.row}>
      <span className={classes.icon}><Icon name="file" /></span>
      <div className={classes.body}>
        <div className={classes.head}>
          <Link className={classes.name} to="/p/$projectId/knowledge/files" params={{ projectId }}>{t.filesAndTexts(sources.length)}</Link>
          <Mark state={state} />
        </div>
        <p className={classes.note}>{s.inAnswers(sum((one) => one.ready), "document")}</p>
      </div>
    </li>
  );
}
