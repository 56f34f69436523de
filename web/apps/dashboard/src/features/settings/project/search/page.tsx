/** How the knowledge is searched and read: the embedding model, and documents that an older version has read. */
import { Badge, Button, Code, Group, NativeSelect, Progress, Stack, Text } from "@mantine/core";
import { queryOptions, useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, data, type Schemas } from "../../../../api/client.ts";
import { queryClient, useMay } from "../../../../api/queries.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { tellDone, tellFailure } from "../../../../parts/notify.tsx";
import { Page } from "../../../../parts/page.tsx";
import { duration, languageName, number } from "../../../../texts/formats.ts";
import { useLanguage, useTexts } from "../../../../texts/index.ts";
import { Confirm } from "../../confirm.tsx";
import { Card, OnlyReading } from "../../form.tsx";
import { texts as placeTexts } from "../../texts.ts";
import { useProject } from "../project.ts";
import { Reading } from "./reading.tsx";
import classes from "./search.module.css";
import { texts } from "./texts.ts";

type Embedding = Schemas["EmbeddingOut"];
const LOOK_MS = 2000;

const embeddingQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["embedding", projectId],
    queryFn: () => data(api.GET("/v1/projects/{project_id}/embedding", { params: { path: { project_id: projectId } } })),
    refetchInterval: ({ state }) => (state.data?.change ? LOOK_MS : false),
  });

export function SearchPage() {
  const t = useTexts(texts);
  const title = useTexts(placeTexts).search;
  const project = useProject();
  const canWrite = useMay()("knowledge:write");
  const at = `/v1/projects/${project.id}`;
  return (
    <Page title={title} lead={t.lead}>
      {!canWrite && <OnlyReading />}
      <Stack gap="md">
        <Model projectId={project.id} canWrite={canWrite} />
        <Reading projectId={project.id} canWrite={canWrite} />
      </Stack>
      <ApiCalls
        calls={[
          { method: "GET", path: `${at}/embedding` },
          { method: "POST", path: `${at}/embedding/change`, body: { space: "builtin" } },
          { method: "POST", path: `${at}/embedding/rollback` },
          { method: "GET", path: `${at}/reading` },
          { method: "POST", path: `${at}/reading/again` },
        ]}
      />
    </Page>
  );
}

function Model({ projectId, canWrite }: { projectId: string; canWrite: boolean }) {
  const t = useTexts(texts);
  const { data: now } = useSuspenseQuery(embeddingQuery(projectId));
  const served = now.available.find((one) => one.space === now.space);
  return (
    <Card title={t.model} lead={t.modelLead}>
      <Group gap="sm">
        <Text fw={600}>{now.space}</Text>
        <Badge variant="light" color="teal">{t.inUse}</Badge>
        {served?.dimensions && <Text size="sm" c="dimmed">{t.dimensions(number(served.dimensions))}</Text>}
      </Group>
      {!now.usable && <Text size="sm" className={classes.fault} role="alert">{t.unusable}</Text>}
      {now.change && <Change change={now.change} projectId={projectId} canWrite={canWrite} />}
      {!now.change && now.suggestion && <Suggestion suggestion={now.suggestion} projectId={projectId} canWrite={canWrite} />}
      {!now.change && canWrite && <Choice now={now} projectId={projectId} />}
      {!now.change && now.previous && <Previous previous={now.previous} projectId={projectId} canWrite={canWrite} />}
    </Card>
  );
}

/** What the buttons of this card do; each shows the new state at once, also if somebody else was quicker. */
function useDo(projectId: string) {
  const params = { path: { project_id: projectId } };
  const refresh = () => queryClient.invalidateQueries({ queryKey: embeddingQuery(projectId).queryKey });
  const done = async (said?: string) => {
    await refresh();
    if (said) tellDone(said);
  };
  const onError = (error: unknown) => {
    tellFailure(error);
    return refresh();
  };
  const change = useMutation({ mutationFn: (space: string) => api.POST("/v1/projects/{project_id}/embedding/change", { params, body: { space } }), onSuccess: () => done(), onError });
  const cancel = useMutation({ mutationFn: (_: string) => api.POST("/v1/projects/{project_id}/embedding/cancel", { params }), onSuccess: (_, said) => done(said), onError });
  const rollback = useMutation({ mutationFn: (_: string) => api.POST("/v1/projects/{project_id}/embedding/rollback", { params }), onSuccess: (_, said) => done(said), onError });
  const forget = useMutation({ mutationFn: (_: string) => api.DELETE("/v1/projects/{project_id}/embedding/previous", { params }), onSuccess: (_, said) => done(said), onError });
  return { change, cancel, rollback, forget };
}

function Change({ change, projectId, canWrite }: { change: NonNullable<Embedding["change"]>; projectId: string; canWrite: boolean }) {
  const t = useTexts(texts);
  const { cancel } = useDo(projectId);
  const share = change.total ? (change.done / change.total) * 100 : 0;
  const told = [
    t.progress(number(change.done), number(change.total)),
    ...(change.chunks_per_minute ? [t.pace(number(Math.round(change.chunks_per_minute)))] : []),
    ...(change.seconds_left !== null ? [t.left(duration(change.seconds_left))] : []),
  ];
  return (
    <section className={classes.box} aria-label={t.changing(change.to)}>
      <Group justify="space-between">
        <Text fw={600}>{t.changing(change.to)}</Text>
        {change.state === "waiting" && <Badge variant="light" color="orange">{t.waiting}</Badge>}
        {canWrite && <Button variant="default" size="xs" loading={cancel.isPending} onClick={() => cancel.mutate(t.cancelled)}>{t.cancel}</Button>}
      </Group>
      <Progress value={share} aria-label={t.changing(change.to)} />
      <Text size="sm" c="dimmed">{told.join(" · ")}</Text>
      {change.error && <Text size="sm" className={classes.fault}>{change.error}</Text>}
    </section>
  );
}

function Choice({ now, projectId }: { now: Embedding; projectId: string }) {
  const t = useTexts(texts);
  const { change } = useDo(projectId);
  const others = now.available.filter((one) => one.space !== now.space);
  const [chosen, setChosen] = useState("");
  const [isAsked, setAsked] = useState(false);
  const space = others.some((one) => one.space === chosen) ? chosen : (others[0]?.space ?? "");
  if (!others.length) return <Text size="sm" c="dimmed">{t.noOther} <Code>ANSWERDESK_EMBEDDING_URL</Code></Text>;
  return (
    <Group align="flex-end" gap="xs">
      <NativeSelect label={t.changeTo} value={space} onChange={(event) => setChosen(event.currentTarget.value)} data={others.map((one) => ({ value: one.space, label: one.dimensions ? `${one.space} (${t.dimensions(number(one.dimensions))})` : one.space }))} />
      <Button variant="default" loading={change.isPending} onClick={() => setAsked(true)}>{t.change}</Button>
      <Confirm isOpen={isAsked} close={() => setAsked(false)} title={t.changeTitle(space)} text={t.changeText} yes={t.change} act={() => change.mutate(space)} isHarmless />
    </Group>
  );
}

function Suggestion({ suggestion, projectId, canWrite }: { suggestion: NonNullable<Embedding["suggestion"]>; projectId: string; canWrite: boolean }) {
  const t = useTexts(texts);
  const spoken = useLanguage();
  const { change } = useDo(projectId);
  const languages = new Intl.ListFormat(spoken).format(suggestion.languages.map((one) => languageName(one, spoken)));
  return (
    <div className={classes.box}>
      <Text size="sm">{t.better(languages, suggestion.space)}</Text>
      {suggestion.installed
        ? canWrite && <div><Button size="xs" loading={change.isPending} onClick={() => change.mutate(suggestion.space)}>{t.changeToIt(suggestion.space)}</Button></div>
        : <Text size="sm">{t.install} <Code>answerdesk models install multilingual</Code></Text>}
    </div>
  );
}

function Previous({ previous, projectId, canWrite }: { previous: NonNullable<Embedding["previous"]>; projectId: string; canWrite: boolean }) {
  const t = useTexts(texts);
  const { rollback, forget } = useDo(projectId);
  const [isAsked, setAsked] = useState(false);
  return (
    <div className={classes.box}>
      <Text size="sm">{previous.complete ? t.previousWhole(previous.space) : t.previousPartial(previous.space)}</Text>
      {canWrite && (
        <Group gap="xs">
          {previous.complete && <Button variant="default" size="xs" loading={rollback.isPending} onClick={() => rollback.mutate(t.isBack(previous.space))}>{t.goBack(previous.space)}</Button>}
          <Button variant="default" size="xs" onClick={() => setAsked(true)}>{t.forget}</Button>
        </Group>
      )}
      <Confirm isOpen={isAsked} close={() => setAsked(false)} title={t.forgetTitle(previous.space)} text={t.forgetText} yes={t.forget} act={() => forget.mutate(t.forgotten)} />
    </div>
  );
}
