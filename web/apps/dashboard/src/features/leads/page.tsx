/** People who left their contact: list, filters, one of them, export. */
import { Button, Center } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useMay } from "../../api/queries.ts";
import { useCommands } from "../../app/commands.ts";
import { texts as shell } from "../../app/texts.ts";
import { ApiCalls } from "../../parts/apicalls.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Moment } from "../../parts/moment.tsx";
import { tellFailure } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { removeLater, useGone } from "../../parts/removal.ts";
import { Empty, Failure, Loading } from "../../parts/states.tsx";
import { useTexts } from "../../texts/index.ts";
import { Filters } from "./filters.tsx";
import classes from "./leads.module.css";
import { LeadPanel, nameOf } from "./panel.tsx";
import { type Lead, leadsPath, leadsQuery, saveLeads, shownAs } from "./queries.ts";
import type { LeadFilters } from "./search.ts";
import { texts } from "./texts.ts";

const route = getRouteApi("/p/$projectId/leads");

export function LeadsPage() {
  const t = useTexts(texts);
  const { projectId } = route.useParams();
  const { lead: openId, ...filters } = route.useSearch();
  const navigate = useNavigate();
  const gone = useGone();
  const field = useRef<HTMLInputElement>(null);
  const query = useInfiniteQuery({ ...leadsQuery(projectId, filters), placeholderData: keepPreviousData });
  const leads = query.data?.pages.flatMap(({ items }) => items).filter(({ id }) => !gone.has(id)) ?? [];
  const show = (lead: string | undefined) => void navigate({ to: ".", search: lead ? { ...filters, lead } : filters, resetScroll: false });
  const filter = (next: LeadFilters) => void navigate({ to: ".", search: next, replace: true });
  const close = () => {
    show(undefined);
    document.getElementById(openId ?? "")?.querySelector("a")?.focus();
  };
  const remove = useRemoval(projectId, close);
  const isSaving = useExport(projectId, filters);
  const step = (by: number) => {
    const at = leads.findIndex(({ id }) => id === openId);
    const next = leads[at === -1 ? 0 : at + by];
    if (next) show(next.id);
  };
  useKeys({ step, search: () => field.current?.focus(), save: isSaving.save, close: openId ? close : undefined });
  const calls = [
    { method: "GET" as const, path: `${leadsPath(projectId)}?${shownAs(filters)}` },
    { method: "GET" as const, path: `${leadsPath(projectId)}/export` },
    { method: "POST" as const, path: leadsPath(projectId), body: { email: "ann@example.com", message: "Please call me" } },
  ];
  const button = <Button variant="default" leftSection={<Icon name="download" size={16} />} loading={isSaving.isBusy} disabled={!leads.length} onClick={isSaving.save}>{t.export}</Button>;
  return (
    <Page title={t.title} lead={t.lead} actions={button}>
      <Filters filters={filters} onChange={filter} field={field} />
      <div className={classes.columns} data-open={openId !== undefined || undefined}>
        <div className={classes.list}>
          {query.isPending ? <Loading /> : query.data
            ? <List leads={leads} filters={filters} openId={openId} query={query} />
            : <Failure error={query.error} retry={() => void query.refetch()} />}
        </div>
        {openId !== undefined && !gone.has(openId) && (
          <LeadPanel key={openId} projectId={projectId} leadId={openId} known={leads.find(({ id }) => id === openId)} isListed={!query.isPending} onClose={close} onRemove={remove} />
        )}
      </div>
      <ApiCalls calls={calls} />
    </Page>
  );
}

type ListProps = { leads: readonly Lead[]; filters: LeadFilters; openId: string | undefined; query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown } };

function List({ leads, filters, openId, query }: ListProps) {
  const t = useTexts(texts);
  const { projectId } = route.useParams();
  const isFiltered = Object.keys(filters).length > 0;
  if (!leads.length && !query.hasNextPage) {
    if (isFiltered) return <Empty icon="filter" title={t.none}>{t.noneText}</Empty>;
    return (
      <Empty icon="leads" title={t.empty} action={<Button renderRoot={(props) => <Link to="/p/$projectId/settings/general" params={{ projectId }} {...props} />}>{t.toSettings}</Button>}>
        {t.emptyText}
      </Empty>
    );
  }
  return (
    <>
      <ul className={classes.rows} aria-label={t.list}>
        {leads.map((lead) => <Row key={lead.id} lead={lead} filters={filters} isOpen={lead.id === openId} />)}
      </ul>
      {query.hasNextPage && <Center mt="md"><Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t.more}</Button></Center>}
    </>
  );
}

function Row({ lead, filters, isOpen }: { lead: Lead; filters: LeadFilters; isOpen: boolean }) {
  const t = useTexts(texts);
  const { projectId } = route.useParams();
  const address = [lead.name && lead.email, lead.phone].filter(Boolean).join(" · ");
  return (
    <li id={lead.id} className={classes.row} data-open={isOpen || undefined}>
      <Link to="/p/$projectId/leads" params={{ projectId }} search={{ ...filters, lead: lead.id }} className={classes.link} data-alone={!address || undefined} resetScroll={false} aria-current={isOpen ? "true" : undefined}>
        <span className={classes.name} dir="auto">{nameOf(lead, t.nobody)}</span>
      </Link>
      {address && <span className={classes.address} dir="auto">{address}</span>}
      <span className={classes.said} dir="auto">{lead.message ?? lead.excerpt ?? ""}</span>
      <span className={classes.end}>
        {lead.consent && <span className={classes.agreed}><Icon name="check" size={13} />{t.agreed}</span>}
        <Moment at={lead.created_at} />
      </span>
    </li>
  );
}

function useRemoval(projectId: string, close: () => void): (lead: Lead) => void {
  const t = useTexts(texts);
  const client = useQueryClient();
  return (lead) => {
    removeLater({
      id: lead.id,
      path: `${leadsPath(projectId)}/${lead.id}`,
      message: t.removed(nameOf(lead, t.nobody)),
      done: () => void client.invalidateQueries({ queryKey: ["leads", projectId] }),
    });
    close();
  };
}

function useExport(projectId: string, filters: LeadFilters): { isBusy: boolean; save: () => void } {
  const [isBusy, setBusy] = useState(false);
  const save = () => {
    setBusy(true);
    saveLeads(projectId, filters).catch(tellFailure).finally(() => setBusy(false));
  };
  return { isBusy, save };
}

type Keys = { step: (by: number) => void; search: () => void; save: () => void; close: (() => void) | undefined };

function useKeys({ step, search, save, close }: Keys): void {
  const t = useTexts(texts);
  const { here } = useTexts(shell);
  const mayRead = useMay()("leads:read");
  useCommands([
    { id: "next-lead", label: t.next, group: here, keys: "j", run: () => step(1) },
    { id: "previous-lead", label: t.previous, group: here, keys: "k", run: () => step(-1) },
    { id: "search-leads", label: t.search, group: here, keys: "/", run: search },
    ...(mayRead ? [{ id: "export-leads", label: t.export, group: here, keys: "x", run: save }] : []),
    ...(close ? [{ id: "close-lead", label: t.close, group: here, keys: "Escape", run: close }] : []),
  ]);
}
