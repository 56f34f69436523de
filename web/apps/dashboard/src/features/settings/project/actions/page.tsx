/** Actions: calls of the owner's server that a message causes. */
import { Badge, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Problem } from "@answerdesk/api";
import { api, data } from "../../../../api/client.ts";
import { queryClient, useMay } from "../../../../api/queries.ts";
import { useCommands } from "../../../../app/commands.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Icon } from "../../../../parts/icons.tsx";
import { later } from "../../../../parts/notify.tsx";
import { Page } from "../../../../parts/page.tsx";
import { Empty, explain, Failure } from "../../../../parts/states.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { formTexts } from "../../formtexts.ts";
import { texts as placeTexts } from "../../texts.ts";
import { useProject } from "../project.ts";
import classes from "../websites/websites.module.css";
import { ActionForm, Back } from "./form.tsx";
import { type Action, actionsQuery } from "./queries.ts";
import { texts } from "./texts.ts";

export function ActionsPage() {
  const t = useTexts(texts);
  const title = useTexts(placeTexts).actions;
  const project = useProject();
  const canWrite = useMay()("agents:write");
  const { data: actions } = useSuspenseQuery(actionsQuery(project.id));
  const { action: chosen } = useSearch({ strict: false }) as { action?: string };
  const [isOpen, { open, close }] = useDisclosure(false);
  useCommands(canWrite && !chosen ? [{ id: "add-action", label: t.add, group: t.here, keys: "n", run: open }] : []);
  const action = actions.find(({ id }) => id === chosen);
  if (chosen && !action) return <Page title={title} lead={<Back projectId={project.id} />}><Failure error={new Problem("", "action_not_found", 404)} /></Page>;
  if (action) return <ActionForm key={action.id} action={action} />;
  const add = canWrite && <Button leftSection={<Icon name="plus" size={16} />} onClick={open}>{t.add}</Button>;
  return (
    <Page title={title} lead={t.lead} actions={actions.length > 0 && add}>
      {actions.length === 0 && <Empty icon="bolt" title={t.none} action={add}>{t.noneText}</Empty>}
      {actions.length > 0 && (
        <ul className={classes.list} aria-label={title}>
          {actions.map((one) => <Row key={one.id} action={one} canWrite={canWrite} />)}
        </ul>
      )}
      <Modal opened={isOpen} onClose={close} title={t.add} closeButtonProps={{ "aria-label": t.close }}><Adding projectId={project.id} close={close} /></Modal>
      <ApiCalls
        calls={[
          { method: "GET", path: `/v1/projects/${project.id}/actions` },
          { method: "POST", path: `/v1/projects/${project.id}/actions`, body: { name: "Where is my order", url: "https://shop.example/orders/{order}", parameters: [{ name: "order" }], triggers: ["where is my order"] } },
        ]}
      />
    </Page>
  );
}

function Row({ action, canWrite }: { action: Action; canWrite: boolean }) {
  const t = useTexts(texts);
  const key = actionsQuery(action.project_id).queryKey;
  const remove = () => {
    queryClient.setQueryData(key, queryClient.getQueryData(key)?.filter(({ id }) => id !== action.id));
    const refresh = () => queryClient.invalidateQueries({ queryKey: key });
    later({
      message: t.removed(action.name),
      commit: async () => {
        await api.DELETE("/v1/actions/{action_id}", { params: { path: { action_id: action.id } } });
        await refresh();
      },
      restore: () => void refresh(),
    });
  };
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <h2 className={classes.name}>
          <Link to="/p/$projectId/settings/actions" params={{ projectId: action.project_id }} search={{ action: action.id }} className={classes.link}>{action.name}</Link>
        </h2>
        {!action.enabled && <Badge variant="light" color="gray">{t.isOff}</Badge>}
        {canWrite && <div className={classes.end}><Button variant="default" size="xs" onClick={remove} aria-label={t.removeOf(action.name)}>{t.remove}</Button></div>}
      </div>
      <p className={classes.note} dir="ltr">{action.method} {action.url}</p>
      <p className={classes.note}>{action.triggers.length ? t.calledBy(action.triggers.join(", ")) : t.notByWords}</p>
    </li>
  );
}

function Adding({ projectId, close }: { projectId: string; close: () => void }) {
  const t = useTexts(texts);
  const common = useTexts(formTexts);
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [fault, setFault] = useState("");
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      data(
        api.POST("/v1/projects/{project_id}/actions", {
          params: { path: { project_id: projectId } },
          body: { name: name.trim(), url: url.trim(), description: "", method: "GET", triggers: [], needs_identity: false, enabled: true, parameters: named(url) },
        }),
      ),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: actionsQuery(projectId).queryKey });
      close();
      await navigate({ to: "/p/$projectId/settings/actions", params: { projectId }, search: { action: id } });
    },
    onError: (error) => setFault(explain(error)),
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() && url.trim()) mutate();
        else setFault(t.bothNeeded);
      }}
    >
      <Stack gap="sm">
        <TextInput data-autofocus label={t.name} placeholder={t.nameExample} maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput label={t.url} description={t.urlHelp} placeholder="https://shop.example/orders/{order}" inputMode="url" spellCheck={false} dir="ltr" value={url} onChange={(event) => setUrl(event.currentTarget.value)} />
        <Text role="alert" size="sm" className={classes.fault}>{fault}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>{common.cancel}</Button>
          <Button type="submit" loading={isPending}>{t.addIt}</Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A parameter for each `{name}` of an address. */
const named = (url: string) =>
  [...new Set([...url.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name))].map((name) => ({ name, type: "string" as const, description: "", required: true, choices: [] }));
