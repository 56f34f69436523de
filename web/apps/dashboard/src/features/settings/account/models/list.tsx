/** The catalogue, with a test of each model. */
import { Badge, Button, Group, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, data } from "../../../../api/client.ts";
import { projectsQuery, queryClient } from "../../../../api/queries.ts";
import { later, tellFailure } from "../../../../parts/notify.tsx";
import { explain } from "../../../../parts/states.tsx";
import { number } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import websites from "../../project/websites/websites.module.css";
import classes from "./models.module.css";
import { money } from "./money.ts";
import { type Model, modelsQuery } from "./queries.ts";
import { texts } from "./texts.ts";

const MOST_NAMED = 3;

export function ModelList({ models, canWrite, change }: { models: Model[]; canWrite: boolean; change: (model: Model) => void }) {
  const t = useTexts(texts);
  return (
    <ul className={websites.list} aria-label={t.models}>
      {models.map((one) => <Row key={one.id} model={one} models={models} canWrite={canWrite} change={() => change(one)} />)}
    </ul>
  );
}

function Row({ model, models, canWrite, change }: { model: Model; models: Model[]; canWrite: boolean; change: () => void }) {
  const t = useTexts(texts);
  const { data: projects = [] } = useQuery(projectsQuery);
  const fallback = models.find(({ id }) => id === model.fallback);
  const project = projects.find(({ id }) => id === model.project_id);
  const price = (micros: number | null | undefined) => (typeof micros === "number" ? money(micros, model.currency ?? null) : "–");
  const facts: [string, string][] = [
    [t.model, `${t.providers[model.provider]}: ${model.model}`],
    ...(model.url ? [[t.url, model.url] as [string, string]] : []),
    [t.key, model.has_key ? (model.key_end ? `…${model.key_end}` : t.keySet) : t.noKey],
    [t.for, model.project_id ? (project?.name ?? t.oneProject) : t.allProjects],
    ...(model.currency ? [[t.prices, t.readWritten(price(model.input_price), price(model.output_price))] as [string, string]] : []),
    [t.longest, t.tokens(number(model.max_tokens))],
    [t.ifAway, fallback?.name ?? t.withoutModel],
  ];
  return (
    <li className={websites.item}>
      <div className={websites.head}>
        <h2 className={websites.name}>{model.name}</h2>
        {canWrite && <Choices model={model} models={models} change={change} />}
      </div>
      <dl className={classes.facts}>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      <Users model={model} />
      {canWrite && <Trial model={model} />}
    </li>
  );
}

function Choices({ model, models, change }: { model: Model; models: Model[]; change: () => void }) {
  const t = useTexts(texts);
  const isNeeded = model.agents.length > 0 || models.some(({ fallback }) => fallback === model.id);
  const key = modelsQuery.queryKey;
  const remove = () => {
    queryClient.setQueryData(key, models.filter(({ id }) => id !== model.id));
    const refresh = () => queryClient.invalidateQueries({ queryKey: key });
    later({
      message: t.removed(model.name),
      commit: async () => {
        await api.DELETE("/v1/language-models/{model_id}", { params: { path: { model_id: model.id } } });
        await refresh();
      },
      restore: () => void refresh(),
    });
  };
  return (
    <div className={websites.end}>
      <Button variant="default" size="xs" onClick={change} aria-label={t.changeOf(model.name)}>{t.change}</Button>
      <Button variant="default" size="xs" onClick={isNeeded ? () => tellFailure(new Error(t.needed)) : remove} aria-label={t.removeOf(model.name)}>{t.remove}</Button>
    </div>
  );
}

function Users({ model }: { model: Model }) {
  const t = useTexts(texts);
  if (!model.agents.length) return <p className={websites.note}>{t.noAgent}</p>;
  return (
    <p className={websites.note}>
      {t.usedBy}{" "}
      {model.agents.slice(0, MOST_NAMED).map(({ id, name, project_id: projectId }, place) => (
        <span key={id}>
          {place > 0 && ", "}
          <Link to="/p/$projectId/settings/agents" params={{ projectId }} search={{ agent: id }} className={websites.link}>{name}</Link>
        </span>
      ))}
      {model.agents.length > MOST_NAMED && ` ${t.andMore(number(model.agents.length - MOST_NAMED))}`}
    </p>
  );
}

function Trial({ model }: { model: Model }) {
  const t = useTexts(texts);
  const { mutate, data: told, error, isPending } = useMutation({
    mutationFn: () => data(api.POST("/v1/language-models/{model_id}/test", { params: { path: { model_id: model.id } } })),
  });
  return (
    <Group gap="sm">
      <Button variant="default" size="xs" loading={isPending} onClick={() => mutate()} aria-label={t.testOf(model.name)}>{t.test}</Button>
      <div role="status" className={classes.told}>
        {error && <Text size="sm" className={websites.fault}>{explain(error)}</Text>}
        {told && (
          <Text size="sm" component="div">
            <Badge variant="light" color={told.error ? "red" : "teal"} mr="xs">{told.error ? t.silent : t.answers}</Badge>
            {t.after(number(told.milliseconds))} {told.answer && `“${told.answer}”`}
            {told.error && <span className={websites.fault}> {told.error}</span>}
          </Text>
        )}
      </div>
    </Group>
  );
}
