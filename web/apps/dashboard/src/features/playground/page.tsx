/** Ask as a visitor would, see how the answer comes about, and compare two ways of answering. */
import { Button, Group, Menu, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useMay } from "../../api/queries.ts";
import { useCommands } from "../../app/commands.ts";
import { ApiCalls } from "../../parts/apicalls.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Page } from "../../parts/page.tsx";
import { Empty } from "../../parts/states.tsx";
import { useTexts } from "../../texts/index.ts";
import { Column } from "./column.tsx";
import { Differences } from "./differences.tsx";
import { remember, useAsked } from "./history.ts";
import classes from "./playground.module.css";
import { askedQuery, bodyOf, type Trial, trialQuery } from "./queries.ts";
import { asSecond, continued, first, type PlaygroundSearch, second, type Settings } from "./search.ts";
import { texts } from "./texts.ts";

const route = getRouteApi("/p/$projectId/playground");

export function PlaygroundPage() {
  const t = useTexts(texts);
  const may = useMay();
  if (!may("agents:write")) return <Page title={t.title}><Empty icon="lock" title={t.forbiddenTitle}>{t.forbidden}</Empty></Page>;
  return <Playground />;
}

function Playground() {
  const t = useTexts(texts);
  const { projectId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const before = search.before ?? [];
  const trial = (settings: Settings): Trial => ({ question: search.q ?? "", before, settings });
  const [one, other] = [trial(first(search)), trial(second(search))];
  const set = (part: PlaygroundSearch, isStep = false) => void navigate({ search: { ...search, ...part }, replace: !isStep });
  const ask = (question: string) => {
    const asked = { ...search, q: question.trim() };
    if (!asked.q) return field.current?.focus();
    remember(projectId, asked);
    if (asked.q !== search.q) return set({ q: asked.q }, true);
    for (const again of search.compare ? [one, other] : [one]) void client.refetchQueries({ queryKey: trialQuery(projectId, again).queryKey, exact: true });
  };
  const compare = () => set(search.compare ? { compare: undefined, ...asSecond({}) } : { compare: true, ...asSecond(first(search)) }, true);
  const anew = () => void navigate({ search: { ...search, q: undefined, before: undefined } }).then(() => field.current?.focus());
  useCommands([
    { id: "playground-focus", label: t.focus, group: t.title, keys: "/", run: () => field.current?.focus() },
    { id: "playground-compare", label: search.compare ? t.stopComparing : t.compare, group: t.title, keys: "c", run: compare },
    { id: "playground-anew", label: t.forget, group: t.title, run: anew },
  ]);
  return (
    <Page
      title={t.title}
      lead={t.lead}
      wide={search.compare}
      actions={<><History projectId={projectId} open={(asked) => void navigate({ search: asked })} /><Button variant="default" aria-pressed={Boolean(search.compare)} onClick={compare}>{search.compare ? t.stopComparing : t.compare}</Button></>}
    >
      <Question key={search.q} field={field} asked={search.q ?? ""} ask={ask} />
      {before.length > 0 && (
        <Group gap="xs" mt="xs">
          <span className={classes.note} dir="auto">{t.followsUp(before.at(-1)?.question ?? "")}</span>
          <Button size="compact-sm" variant="subtle" onClick={anew}>{t.forget}</Button>
        </Group>
      )}
      <div className={classes.columns} data-two={search.compare || undefined}>
        {search.compare && search.q && <Differences projectId={projectId} one={one} other={other} />}
        <Column
          projectId={projectId}
          title={search.compare ? t.first : undefined}
          trial={one}
          other={search.compare ? other : undefined}
          change={set}
          followUp={(exchange) => void navigate({ search: { ...search, q: undefined, before: continued(before, exchange) } }).then(() => field.current?.focus())}
        />
        {search.compare && <Column projectId={projectId} title={t.second} trial={other} other={one} change={(settings) => set(asSecond(settings))} />}
      </div>
      {!search.q && <Begin projectId={projectId} ask={ask} />}
      <ApiCalls calls={[{ method: "POST", path: `/v1/projects/${projectId}/playground`, body: bodyOf({ ...one, question: one.question || t.placeholder }) }]} />
    </Page>
  );
}

type QuestionProps = { field: React.RefObject<HTMLTextAreaElement | null>; asked: string; ask: (question: string) => void };

function Question({ field, asked, ask }: QuestionProps) {
  const t = useTexts(texts);
  const [typed, setTyped] = useState(asked);
  useEffect(() => {
    if (!asked) field.current?.focus();
  }, [asked, field]);
  const press = (event: KeyboardEvent) => {
    // Enter chooses a word of an input method first.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    ask(typed);
  };
  return (
    <form className={classes.form} onSubmit={(event) => (event.preventDefault(), ask(typed))}>
      <Textarea ref={field} className={classes.question} label={t.question} placeholder={t.placeholder} autosize minRows={1} maxRows={8} maxLength={4000} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} onKeyDown={press} />
      <Button type="submit" leftSection={<Icon name="send" />}>{asked && typed.trim() === asked ? t.askAgain : t.ask}</Button>
    </form>
  );
}

function History({ projectId, open }: { projectId: string; open: (asked: PlaygroundSearch) => void }) {
  const t = useTexts(texts);
  const asked = useAsked(projectId);
  return (
    <Menu position="bottom-end" width={360} withinPortal>
      <Menu.Target><Button variant="default" leftSection={<Icon name="clock" />}>{t.history}</Button></Menu.Target>
      <Menu.Dropdown className={classes.history}>
        {asked.length === 0 && <Menu.Label>{t.historyEmpty}</Menu.Label>}
        {asked.map((one) => <Menu.Item key={JSON.stringify(one)} onClick={() => open(one)}><span dir="auto">{one.q}</span></Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}

function Begin({ projectId, ask }: { projectId: string; ask: (question: string) => void }) {
  const t = useTexts(texts);
  const { data: asked = [] } = useQuery(askedQuery(projectId));
  return (
    <Empty icon="playground" title={t.emptyTitle} action={asked.length > 0 && (
      <div className={classes.suggested}>
        <p className={classes.note}>{t.askedInVain}</p>
        {asked.map(({ id, question }) => <Button key={id} variant="default" size="compact-md" onClick={() => ask(question)}><span dir="auto">{question}</span></Button>)}
      </div>
    )}>
      {t.emptyText}
    </Empty>
  );
}
