/** The audit log: who changed what, and when. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Suspense } from "react";
import { membersQuery, useMay, useMe } from "../../../../api/queries.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Page } from "../../../../parts/page.tsx";
import { Empty, Loading } from "../../../../parts/states.tsx";
import { date, dateTime, time } from "../../../../texts/formats.ts";
import { useLanguage, useTexts } from "../../../../texts/index.ts";
import { texts as names } from "../../texts.ts";
import { MoreButton, Row, Rows } from "../parts/list.tsx";
import { ACTIONS } from "./actions.ts";
import classes from "./audit.module.css";
import { auditQuery, type Entry } from "./queries.ts";
import type { AuditSearch } from "./search.ts";
import { useSentence } from "./sentence.ts";
import { texts } from "./texts.ts";

const route = getRouteApi("/account/settings/audit");

export function AuditPage() {
  const t = useTexts(texts);
  const search = route.useSearch();
  return (
    <Page title={useTexts(names).audit} lead={t.lead}>
      <Filters search={search} />
      <Suspense fallback={<Loading rows={8} />}>
        <Log search={search} />
      </Suspense>
      <ApiCalls calls={[{ method: "GET", path: "/v1/audit-log?limit=50" }, { method: "GET", path: `/v1/audit-log?action=${search.action ?? "api_key.created"}` }]} />
    </Page>
  );
}

function Filters({ search }: { search: AuditSearch }) {
  const t = useTexts(texts);
  const spoken = useLanguage();
  const navigate = useNavigate();
  const { account } = useMe();
  const maySeeTeam = useMay()("members:read");
  const { data: members = [] } = useQuery({ ...membersQuery, enabled: maySeeTeam });
  const choose = (change: AuditSearch) => {
    // What is chosen as "all" leaves the address.
    const next = Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value));
    void navigate({ to: "/settings/audit", search: next, replace: true });
  };
  const actions = Object.entries(ACTIONS[spoken]).map(([value, label]) => ({ value, label }));
  if (search.action && !(search.action in ACTIONS[spoken])) actions.push({ value: search.action, label: search.action });
  const people = members.map(({ user_id: value, name, email }) => ({ value, label: name || email }));
  const key = { value: account.id.replace(/^acct_/, "account_"), label: t.ownerKey };
  // Somebody who is no longer in the team, or a key, can still be asked for by a link.
  const other = search.who && ![...people, key].some(({ value }) => value === search.who) ? [{ value: search.who, label: search.who }] : [];
  return (
    <div className={classes.filters}>
      <NativeSelect label={t.what} value={search.action ?? ""} onChange={(event) => choose({ action: event.currentTarget.value })} data={[{ value: "", label: t.everything }, ...actions]} />
      <NativeSelect label={t.who} value={search.who ?? ""} onChange={(event) => choose({ who: event.currentTarget.value })} data={[{ value: "", label: t.everybody }, ...people, key, ...other]} />
      <TextInput type="date" label={t.from} value={search.from ?? ""} max={search.until} onChange={(event) => choose({ from: event.currentTarget.value })} />
      <TextInput type="date" label={t.until} value={search.until ?? ""} min={search.from} onChange={(event) => choose({ until: event.currentTarget.value })} />
      {Object.keys(search).length > 0 && <Button variant="default" onClick={() => void navigate({ to: "/settings/audit", search: {} })}>{t.clear}</Button>}
    </div>
  );
}

function Log({ search }: { search: AuditSearch }) {
  const t = useTexts(texts);
  const query = useSuspenseInfiniteQuery(auditQuery(search));
  const entries = query.data.pages.flatMap(({ items }) => items);
  if (!entries.length) {
    return Object.keys(search).length ? <Empty icon="filter" title={t.none}>{t.noneText}</Empty> : <Empty icon="clock" title={t.empty}>{t.emptyText}</Empty>;
  }
  const days = [...new Set(entries.map(({ at }) => new Date(at).toDateString()))];
  return (
    <>
      {days.map((day) => (
        <section key={day} className={classes.day}>
          <h2>{nameOf(day, t)}</h2>
          <Rows label={nameOf(day, t)}>
            {entries.filter(({ at }) => new Date(at).toDateString() === day).map((one) => <EntryRow key={one.id} entry={one} />)}
          </Rows>
        </section>
      ))}
      <MoreButton query={query} />
    </>
  );
}

function EntryRow({ entry }: { entry: Entry }) {
  const t = useTexts(texts);
  const { who, did, subject, note } = useSentence(entry);
  return (
    <Row
      title={<span className={classes.sentence}><strong>{who}</strong> {did}{subject && <>: <strong>{subject}</strong></>}</span>}
      note={note}
      end={<time dateTime={entry.at} title={[dateTime(entry.at), entry.address && t.address(entry.address)].filter(Boolean).join(", ")}>{time(entry.at)}</time>}
    />
  );
}

function nameOf(day: string, t: { today: string; yesterday: string }): string {
  const today = new Date();
  if (day === today.toDateString()) return t.today;
  today.setDate(today.getDate() - 1);
  return day === today.toDateString() ? t.yesterday : date(day);
}
