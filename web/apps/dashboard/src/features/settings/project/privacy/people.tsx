/** What one person asked for: everything about them as a file, or its erasure. */
import { Badge, Button, Group, NativeSelect, SimpleGrid, Text, TextInput } from "@mantine/core";
import { infiniteQueryOptions, useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { withJson } from "@answerdesk/api";
import { api, data, type Schemas } from "../../../../api/client.ts";
import { queryClient } from "../../../../api/queries.ts";
import { Icon } from "../../../../parts/icons.tsx";
import { tellDone } from "../../../../parts/notify.tsx";
import { explain, Loading } from "../../../../parts/states.tsx";
import { authorised } from "../../../../session/session.ts";
import { dateTime, number } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { Confirm } from "../../confirm.tsx";
import { faultsOf } from "../../faults.ts";
import { Card } from "../../form.tsx";
import type { Project } from "../project.ts";
import classes from "../websites/websites.module.css";
import { texts } from "./texts.ts";

const KINDS = ["email", "visitor_id", "identity", "external_id"] as const;
type Kind = (typeof KINDS)[number];
type Erasure = Schemas["ErasureOut"];
const LOOK_MS = 1500;

const erasuresQuery = (projectId: string) =>
  infiniteQueryOptions({
    queryKey: ["erasures", projectId],
    queryFn: ({ pageParam }) => data(api.GET("/v1/projects/{project_id}/erasures", { params: { path: { project_id: projectId }, query: { limit: 25, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    // Done within seconds.
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some((one) => one.state === "pending")) ? LOOK_MS : false),
  });

export function People({ project, canWrite }: { project: Project; canWrite: boolean }) {
  return (
    <>
      {canWrite && <Request project={project} />}
      <Receipts projectId={project.id} />
    </>
  );
}

function Request({ project }: { project: Project }) {
  const t = useTexts(texts);
  const [kind, setKind] = useState<Kind>("email");
  const [name, setName] = useState("");
  const [fault, setFault] = useState("");
  const [isAsked, setAsked] = useState(false);
  const person = { [kind]: name.trim() };
  const field = useRef<HTMLInputElement>(null);
  const refuse = (said: string) => {
    setFault(said);
    field.current?.focus();
  };
  const choose = (other: string) => {
    setKind(KINDS.find((one) => one === other) ?? "email");
    setFault("");
  };
  const onError = (error: unknown) => refuse(faultOf(error));
  const erase = useMutation({
    mutationFn: () => api.POST("/v1/projects/{project_id}/erasures", { params: { path: { project_id: project.id } }, body: person }),
    onSuccess: async () => {
      setName("");
      await queryClient.invalidateQueries({ queryKey: erasuresQuery(project.id).queryKey });
      tellDone(t.erasing);
    },
    onError,
  });
  const take = useMutation({
    mutationFn: async () => save(await (await authorised(`/v1/projects/${encodeURIComponent(project.id)}/exports`, withJson(person))).blob()),
    onError,
  });
  const named = (act: () => void) => (name.trim() ? act() : refuse(t.nameNeeded));
  return (
    <Card title={t.person} lead={t.personLead}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NativeSelect label={t.knownBy} value={kind} onChange={(event) => choose(event.currentTarget.value)} data={KINDS.map((one) => ({ value: one, label: t.kinds[one] }))} />
        <TextInput
          ref={field}
          label={t.kinds[kind]}
          placeholder={kind === "email" ? "ann@example.com" : kind === "visitor_id" ? "visitor_…" : ""}
          maxLength={320}
          spellCheck={false}
          autoCapitalize="none"
          value={name}
          error={fault || undefined}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setFault("");
          }}
        />
      </SimpleGrid>
      <Group gap="xs">
        <Button variant="default" leftSection={<Icon name="download" size={16} />} loading={take.isPending} onClick={() => named(() => take.mutate())}>{t.export}</Button>
        <Button variant="outline" color="red" leftSection={<Icon name="trash" size={16} />} loading={erase.isPending} onClick={() => named(() => setAsked(true))}>{t.erase}</Button>
      </Group>
      <Confirm isOpen={isAsked} close={() => setAsked(false)} title={t.eraseTitle(name.trim())} text={t.eraseText(project.name)} yes={t.eraseYes} act={() => erase.mutate()} />
    </Card>
  );
}

/** What the server says of the name, without the path that it begins with. */
function faultOf(error: unknown): string {
  const faults = faultsOf(explain(error), KINDS);
  return Object.values(faults).join(" ");
}

function Receipts({ projectId }: { projectId: string }) {
  const t = useTexts(texts);
  const { data: found, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(erasuresQuery(projectId));
  const erasures = found?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Card title={t.receipts} lead={t.receiptsLead}>
      {isPending && <Loading rows={2} />}
      {!isPending && erasures.length === 0 && <Text size="sm" c="dimmed">{t.noReceipts}</Text>}
      {erasures.length > 0 && <ul className={classes.list} aria-label={t.receipts}>{erasures.map((one) => <Receipt key={one.id} erasure={one} />)}</ul>}
      {hasNextPage && <div><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t.more}</Button></div>}
    </Card>
  );
}

function Receipt({ erasure }: { erasure: Erasure }) {
  const t = useTexts(texts);
  const { conversations, messages, leads } = erasure.counts;
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <Badge variant="light" color={erasure.state === "done" ? "teal" : "orange"}>{erasure.state === "done" ? t.done : t.pending}</Badge>
        <span className={classes.note}>{dateTime(erasure.requested_at)} · {t.by(t.kinds[erasure.by])}</span>
      </div>
      {erasure.state === "done" && <p className={classes.note}>{t.counts(number(conversations), number(messages), number(leads))}</p>}
    </li>
  );
}

function save(file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = "person.json";
  link.click();
  URL.revokeObjectURL(address);
}
