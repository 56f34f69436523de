/** One way of answering: its settings, the answer as a visitor sees it, and how it came about. */
import { Button, NativeSelect, NumberInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Blocks, Sources } from "../../parts/answer/blocks.tsx";
import { Failure, Loading } from "../../parts/states.tsx";
import { Decided } from "../../parts/trace/decision.tsx";
import { TraceView } from "../../parts/trace/trace.tsx";
import { percent } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import classes from "./playground.module.css";
import { agentsQuery, modelsQuery, type Trial, type Tried, trialQuery } from "./queries.ts";
import { type Exchange, NO_MODEL, type Settings } from "./search.ts";
import { texts } from "./texts.ts";

type Props = {
  projectId: string;
  /** Only where there are two. */
  title?: string;
  trial: Trial;
  /** The other column's, to compare with. */
  other?: Trial;
  change: (settings: Settings) => void;
  followUp?: (exchange: Exchange) => void;
};

export function Column({ projectId, title, trial, other, change, followUp }: Props) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const query = trialQuery(projectId, trial);
  const isAsked = trial.question !== "";
  const { data: tried, error, isFetching, refetch } = useQuery({ ...query, enabled: isAsked });
  const { data: compared } = useQuery({ ...trialQuery(projectId, other ?? trial), enabled: isAsked && other !== undefined });
  return (
    <section className={classes.column} aria-label={title ?? t.asVisitors}>
      <h2 className={title ? classes.title : classes.hidden}>{title ?? t.asVisitors}</h2>
      <Chosen projectId={projectId} settings={trial.settings} change={change} />
      {isAsked && isFetching && (
        <div>
          <p className={classes.busy} role="status">
            {t.answering} <Button size="compact-sm" variant="subtle" onClick={() => void client.cancelQueries({ queryKey: query.queryKey, exact: true })}>{t.stop}</Button>
          </p>
          {!tried && <Loading rows={5} />}
        </div>
      )}
      {isAsked && !isFetching && !tried && !error && <p className={classes.note}>{t.stopped}</p>}
      {error && !isFetching && <Failure error={error} retry={() => void refetch()} />}
      {tried && !(error && !isFetching) && <Result tried={tried} asked={trial.question} other={other ? compared : undefined} followUp={followUp} isOld={isFetching} />}
    </section>
  );
}

function Chosen({ projectId, settings, change }: { projectId: string; settings: Settings; change: (settings: Settings) => void }) {
  const t = useTexts(texts);
  const { data: agents = [] } = useQuery(agentsQuery(projectId));
  const { data: models = [] } = useQuery(modelsQuery(projectId));
  const set = (part: Settings) => change({ ...settings, ...part });
  return (
    <div className={classes.settings}>
      <NativeSelect
        label={t.agent}
        value={settings.agent ?? ""}
        onChange={(event) => set({ agent: event.currentTarget.value || undefined })}
        data={[{ value: "", label: t.activeAgent }, ...agents.map(({ id, name }) => ({ value: id, label: name }))]}
      />
      <NativeSelect
        label={t.model}
        value={settings.model ?? ""}
        onChange={(event) => set({ model: event.currentTarget.value || undefined })}
        data={[{ value: "", label: t.ofAgent }, { value: NO_MODEL, label: t.noModel }, ...models.map(({ id, name }) => ({ value: id, label: name }))]}
      />
      <NumberInput
        label={t.threshold}
        placeholder={t.usual}
        min={0}
        max={100}
        step={5}
        allowDecimal={false}
        value={settings.threshold === undefined ? "" : Math.round(settings.threshold * 100)}
        onChange={(value) => set({ threshold: typeof value === "number" ? Math.min(100, Math.max(0, value)) / 100 : undefined })}
      />
    </div>
  );
}

type ResultProps = { tried: Tried; asked: string; other?: Tried; followUp?: (exchange: Exchange) => void; isOld: boolean };

function Result({ tried, asked, other, followUp, isOld }: ResultProps) {
  const t = useTexts(texts);
  const { decision, confidence, blocks, sources, certainty, actions, threshold, trace, content } = tried;
  return (
    <div className={classes.result} aria-busy={isOld}>
      <div className={classes.answer}>
        <Decided decision={decision} confidence={confidence} trace={trace} />
        <Blocks blocks={blocks} sources={sources} />
        {certainty?.text && <p className={classes.note} dir="auto">{certainty.text}</p>}
        <Sources sources={sources} blocks={blocks} />
        {actions.length > 0 && <Actions actions={actions} />}
        {followUp && content && <div><Button size="compact-sm" variant="light" onClick={() => followUp({ question: asked, answer: content })}>{t.followUp}</Button></div>}
      </div>
      {trace.candidates && <p className={classes.note}>{t.thresholdNote(percent(threshold))}</p>}
      <TraceView trace={trace} asked={asked} other={other?.trace} />
    </div>
  );
}

function Actions({ actions }: { actions: Tried["actions"] }) {
  const t = useTexts(texts);
  return (
    <div>
      <h3 className={classes.title}>{t.actions}</h3>
      <ul className={classes.actions}>
        {actions.map(({ id, name, step, values, wanted }) => (
          <li key={id}>
            <strong dir="auto">{name}</strong>: {t.steps[step]}
            {Object.keys(values).length > 0 && <span dir="auto"> ({Object.entries(values).map(([key, value]) => `${key}: ${String(value)}`).join(", ")})</span>}
            {wanted && <p className={classes.note} dir="auto">{t.wanted(wanted)}</p>}
          </li>
        ))}
      </ul>
    </div>
  );
}
