/** API keys: which there are and what they may do, making and revoking them. */
import { Button, NativeSelect } from "@mantine/core";
import { useQuery, useSuspenseInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type ReactNode, Suspense, useState } from "react";
import { projectsQuery, useMay } from "../../../../api/queries.ts";
import { useCommands } from "../../../../app/commands.ts";
import { texts as shell } from "../../../../app/texts.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Icon } from "../../../../parts/icons.tsx";
import { Moment } from "../../../../parts/moment.tsx";
import { Page } from "../../../../parts/page.tsx";
import { removeLater, useGone } from "../../../../parts/removal.ts";
import { Empty, Loading } from "../../../../parts/states.tsx";
import { date } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { texts as names } from "../../texts.ts";
import { MoreButton, ReadOnly, Row, Rows } from "../parts/list.tsx";
import { Pill } from "../parts/pill.tsx";
import { SecretDialog } from "../parts/secretdialog.tsx";
import classes from "./keys.module.css";
import { NewKey } from "./newkey.tsx";
import { type Key, keysQuery } from "./queries.ts";
import { useScopesTold } from "./scopes.tsx";
import { texts } from "./texts.ts";

const route = getRouteApi("/account/settings/keys");

export function KeysPage() {
  const t = useTexts(texts);
  const { here } = useTexts(shell);
  const navigate = useNavigate();
  const { show, program } = route.useSearch();
  const canWrite = useMay()("keys:write");
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const open = () => setMaking(true);
  const close = () => {
    setMaking(false);
    if (program) void navigate({ to: ".", search: ({ program: _, ...rest }) => rest, replace: true });
  };
  useCommands(canWrite ? [{ id: "new-key", label: t.add, group: here, keys: "n", run: open }] : []);
  const button = canWrite && <Button leftSection={<Icon name="plus" />} onClick={open}>{t.add}</Button>;
  return (
    <Page title={useTexts(names).keys} lead={t.lead} actions={button}>
      {!canWrite && <ReadOnly />}
      <NativeSelect
        className={classes.filter}
        label={t.show}
        value={show ?? ""}
        data={[{ value: "", label: t.working }, { value: "all", label: t.every }]}
        onChange={(event) => void navigate({ to: ".", search: event.currentTarget.value ? { show: "all" } : {} })}
      />
      <Suspense fallback={<Loading />}>
        <List isWorking={show !== "all"} add={button} />
      </Suspense>
      <NewKey opened={canWrite && (isMaking || program !== undefined)} program={program} onClose={close} onMade={setMade} />
      <SecretDialog secret={made} title={t.made} onClose={() => setMade(null)} />
      <ApiCalls
        calls={[
          { method: "GET", path: "/v1/api-keys?working=true" },
          { method: "POST", path: "/v1/api-keys", body: { name: "Shop's server", scopes: ["leads:read"] } },
          { method: "DELETE", path: "/v1/api-keys/key_…" },
        ]}
      />
    </Page>
  );
}

function List({ isWorking, add }: { isWorking: boolean; add: ReactNode }) {
  const t = useTexts(texts);
  const gone = useGone();
  const query = useSuspenseInfiniteQuery(keysQuery(isWorking));
  const keys = query.data.pages.flatMap(({ items }) => items);
  const shown = isWorking ? keys.filter(({ id }) => !gone.has(id)) : keys;
  if (!shown.length) return <Empty icon="key" title={isWorking ? t.noneWorks : t.empty} action={add}>{t.emptyText}</Empty>;
  return (
    <>
      <Rows label={t.list}>{shown.map((one) => <Entry key={one.id} apiKey={one} />)}</Rows>
      <MoreButton query={query} />
    </>
  );
}

function Entry({ apiKey: key }: { apiKey: Key }) {
  const t = useTexts(texts);
  const gone = useGone();
  const client = useQueryClient();
  const canWrite = useMay()("keys:write");
  const { data: projects = [] } = useQuery(projectsQuery);
  const scopes = useScopesTold(key.scopes);
  const over = useOver(key);
  const reach = key.project_ids?.map((id) => projects.find((one) => one.id === id)?.name ?? t.gone).join(", ") ?? t.allProjects;
  const revoke = () => removeLater({ id: key.id, path: `/v1/api-keys/${key.id}`, message: t.revoked(key.name), done: () => void client.invalidateQueries({ queryKey: ["keys"] }) });
  return (
    <Row
      title={<>{key.name}<code className={classes.hint}>{key.hint}</code></>}
      note={(
        <>
          <div>{scopes} · {reach}</div>
          <div>
            {key.last_used_at ? <>{t.lastUsed} <Moment at={key.last_used_at} /></> : t.never} · {t.madeBy(key.created_by)}, {date(key.created_at)}
            {!over && key.expires_at && <> · {t.until} {date(key.expires_at)}</>}
          </div>
        </>
      )}
      end={over
        ? <Pill tone="calm">{over}</Pill>
        : canWrite && !gone.has(key.id) && <Button variant="default" size="sm" aria-label={t.revokeNamed(key.name)} onClick={revoke}>{t.revoke}</Button>}
    />
  );
}

/** Why it does not work any more; empty if it does. */
function useOver({ revoked_at: revoked, expires_at: expires }: Key): string {
  const t = useTexts(texts);
  if (revoked) return t.revokedOn(date(revoked));
  return expires && new Date(expires) <= new Date() ? t.expiredOn(date(expires)) : "";
}
