/** An action's calls of the last 30 days, newest first. */
import { Badge, Button, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Moment } from "../../../../parts/moment.tsx";
import { Loading } from "../../../../parts/states.tsx";
import { number } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import classes from "../websites/websites.module.css";
import { type Call, callsQuery } from "./queries.ts";
import { texts } from "./texts.ts";

export function ActionLog({ actionId }: { actionId: string }) {
  const t = useTexts(texts);
  const { data, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(callsQuery(actionId));
  const calls = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Card title={t.calls} lead={t.callsLead}>
      {isPending && <Loading rows={3} />}
      {!isPending && calls.length === 0 && <Text size="sm" c="dimmed">{t.noCalls}</Text>}
      {calls.length > 0 && <ul className={classes.list} aria-label={t.calls}>{calls.map((one) => <Row key={one.id} call={one} />)}</ul>}
      {hasNextPage && <div><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t.more}</Button></div>}
    </Card>
  );
}

function Row({ call }: { call: Call }) {
  const t = useTexts(texts);
  const given = Object.entries(call.parameters).map(([name, value]) => `${name}: ${value}`);
  const isRunning = call.milliseconds === null && call.error === null;
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <Badge variant="light" color={call.error ? "red" : isRunning ? "gray" : "teal"}>{call.error ? t.failed : isRunning ? t.running : t.worked}</Badge>
        <span className={classes.note}><Moment at={call.begun_at} />{call.status !== null && ` · ${call.status}`}{call.milliseconds !== null && ` · ${t.after(number(call.milliseconds))}`}{call.conversation_id === null && ` · ${t.byTest}`}</span>
      </div>
      {given.length > 0 && <p className={classes.note}>{given.join(", ")}</p>}
      {call.error && <p className={classes.fault}>{call.error}</p>}
      {call.response && <details className={classes.note}><summary>{t.cameBack}</summary><div className={classes.code}><pre tabIndex={0}>{call.response}</pre></div></details>}
    </li>
  );
}
