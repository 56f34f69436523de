/** The websites that have a tag of their own. */
import { Badge, Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "@answerdesk/api";
import { api } from "../../../../api/client.ts";
import { queryClient, useMay } from "../../../../api/queries.ts";
import { Icon } from "../../../../parts/icons.tsx";
import { later, tellDone, tellFailure } from "../../../../parts/notify.tsx";
import { explain } from "../../../../parts/states.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { agentsQuery } from "../agents/queries.ts";
import { Card } from "../../form.tsx";
import type { Project } from "../project.ts";
import { Code } from "./code.tsx";
import { pathOf, type Website, websitesQuery } from "./queries.ts";
import { texts } from "./texts.ts";
import classes from "./websites.module.css";

export function Websites({ project }: { project: Project }) {
  const t = useTexts(texts);
  const may = useMay();
  const canWrite = may("projects:write");
  const query = websitesQuery(project.id);
  const { data: websites } = useSuspenseQuery(query);
  const [isAdding, setAdding] = useState(false);
  return (
    <Card
      title={t.websites}
      lead={t.websitesLead}
      actions={canWrite && !isAdding && <Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={() => setAdding(true)}>{t.bind}</Button>}
    >
      {isAdding && <Binding projectId={project.id} close={() => setAdding(false)} />}
      {websites.length > 0 && (
        <ul className={classes.list} aria-label={t.websites}>
          {websites.map((one) => <Row key={one.id} website={one} projectId={project.id} canWrite={canWrite} />)}
        </ul>
      )}
      {websites.length === 0 && !isAdding && <Text size="sm" c="dimmed">{canWrite ? t.noWebsites : t.noWebsitesToSee}</Text>}
    </Card>
  );
}

/** Not a form of its own: it stands in the page's, which it has nothing to do with. */
function Binding({ projectId, close }: { projectId: string; close: () => void }) {
  const t = useTexts(texts);
  const [url, setUrl] = useState("");
  const [label, setLabel] = useState("");
  const [fault, setFault] = useState("");
  const { mutate, isPending } = useMutation({
    mutationFn: () => api.POST("/v1/projects/{project_id}/domains", { params: pathOf(projectId), body: { website_url: address(url), label: label.trim(), is_active: true } }),
    onSuccess: async ({ response }) => {
      await queryClient.invalidateQueries({ queryKey: websitesQuery(projectId).queryKey });
      tellDone(response.status === 200 ? t.wasBound : t.bound);
      close();
    },
    onError: (error) => setFault(explain(error).replace(/^website_url/, t.address)),
  });
  const send = () => (url.trim() ? mutate() : setFault(t.addressNeeded));
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") close();
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={classes.item} role="group" aria-label={t.bind} onKeyDown={onKeyDown}>
      <TextInput
        autoFocus
        label={t.address}
        placeholder="https://example.com"
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={500}
        value={url}
        error={fault || undefined}
        onChange={(event) => {
          setUrl(event.currentTarget.value);
          setFault("");
        }}
      />
      <TextInput label={t.label} placeholder={t.labelExample} maxLength={200} value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>{t.cancel}</Button>
        <Button onClick={send} loading={isPending}>{t.bindIt}</Button>
      </Group>
    </div>
  );
}

function Row({ website, projectId, canWrite }: { website: Website; projectId: string; canWrite: boolean }) {
  const t = useTexts(texts);
  const may = useMay();
  const { data: agents = [] } = useQuery({ ...agentsQuery(projectId), enabled: may("agents:read") });
  const key = websitesQuery(projectId).queryKey;
  const params = { path: { project_id: projectId, domain_id: website.id } };
  const { mutate } = useMutation({
    mutationFn: (change: { is_active?: boolean; agent?: string | null }) =>
      api.PATCH("/v1/projects/{project_id}/domains/{domain_id}", { params, body: { label: website.label, is_active: website.is_active, ...change } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: key }),
    onError: tellFailure,
  });
  const remove = () => {
    const known = queryClient.getQueryData(key);
    queryClient.setQueryData(key, known?.filter(({ id }) => id !== website.id));
    later({
      message: t.removed(website.website_url),
      commit: async () => {
        await api.DELETE("/v1/projects/{project_id}/domains/{domain_id}", { params }).catch(unlessGone);
        await queryClient.invalidateQueries({ queryKey: key });
      },
      restore: () => void queryClient.invalidateQueries({ queryKey: key }),
    });
  };
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <h3 className={classes.name}>{website.website_url}</h3>
        <Badge variant="light" color={website.is_active ? "teal" : "orange"}>{website.is_active ? t.answered : t.waits}</Badge>
      </div>
      {website.label && <p className={classes.note}>{website.label}</p>}
      <Code text={website.tag} label={t.tagOf(website.website_url)} />
      {canWrite && (
        <Group gap="xs" align="flex-end">
          {agents.length > 0 && (
            <NativeSelect
              label={t.agent}
              size="xs"
              value={website.agent ?? ""}
              onChange={(event) => mutate({ agent: event.currentTarget.value || null })}
              data={[{ value: "", label: t.activeAgent }, ...agents.map(({ id, name }) => ({ value: id, label: name }))]}
            />
          )}
          <Button size="xs" variant="default" onClick={() => mutate({ is_active: !website.is_active })}>{website.is_active ? t.letPeople : t.letAssistant}</Button>
          <Button size="xs" variant="default" onClick={remove} aria-label={t.removeOf(website.website_url)}>{t.remove}</Button>
        </Group>
      )}
    </li>
  );
}

/** People leave out the beginning. */
const address = (text: string) => (/^[a-z]+:\/\//i.test(text.trim()) ? text.trim() : `https://${text.trim()}`);

function unlessGone(error: unknown): void {
  if (!(error instanceof Problem) || error.status !== 404) throw error;
}
