/** Texts that programs name when they ask an agent for a delayed reply. */
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../../../api/client.ts";
import { queryClient, useMay } from "../../../../api/queries.ts";
import { Icon } from "../../../../parts/icons.tsx";
import { later, tellDone } from "../../../../parts/notify.tsx";
import { explain } from "../../../../parts/states.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import { formTexts } from "../../formtexts.ts";
import classes from "../websites/websites.module.css";
import { type Context, contextsQuery } from "./queries.ts";
import { texts } from "./texts.ts";

export function Contexts({ projectId }: { projectId: string }) {
  const t = useTexts(texts);
  const canWrite = useMay()("agents:write");
  const query = contextsQuery(projectId);
  const { data: contexts } = useSuspenseQuery(query);
  const [edited, setEdited] = useState<Context | "new" | null>(null);
  const remove = (context: Context) => {
    queryClient.setQueryData(query.queryKey, contexts.filter(({ id }) => id !== context.id));
    const refresh = () => queryClient.invalidateQueries({ queryKey: query.queryKey });
    later({
      message: t.removed(context.name),
      commit: async () => {
        await api.DELETE("/v1/projects/{project_id}/contexts/{context_id}", { params: { path: { project_id: projectId, context_id: context.id } } });
        await refresh();
      },
      restore: () => void refresh(),
    });
  };
  return (
    <Stack mt="md">
      <Card title={t.contexts} lead={t.contextsLead} actions={canWrite && <Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={() => setEdited("new")}>{t.addContext}</Button>}>
        {contexts.length === 0 && <Text size="sm" c="dimmed">{t.noContexts}</Text>}
        {contexts.length > 0 && (
          <ul className={classes.list} aria-label={t.contexts}>
            {contexts.map((one) => (
              <li key={one.id} className={classes.item}>
                <div className={classes.head}>
                  <h3 className={classes.name}>{one.name}</h3>
                  {canWrite && (
                    <div className={classes.end}>
                      <Button variant="default" size="xs" onClick={() => setEdited(one)} aria-label={t.editOf(one.name)}>{t.edit}</Button>
                      <Button variant="default" size="xs" onClick={() => remove(one)} aria-label={t.removeOf(one.name)}>{t.remove}</Button>
                    </div>
                  )}
                </div>
                <p className={classes.note}>{one.text.length > 200 ? `${one.text.slice(0, 200)}…` : one.text}</p>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Modal opened={edited !== null} onClose={() => setEdited(null)} title={edited === "new" ? t.addContext : t.editContext} size="lg" closeButtonProps={{ "aria-label": t.close }}>
        {edited && <Editing projectId={projectId} context={edited === "new" ? null : edited} close={() => setEdited(null)} />}
      </Modal>
    </Stack>
  );
}

function Editing({ projectId, context, close }: { projectId: string; context: Context | null; close: () => void }) {
  const t = useTexts(texts);
  const common = useTexts(formTexts);
  const [name, setName] = useState(context?.name ?? "");
  const [text, setText] = useState(context?.text ?? "");
  const [fault, setFault] = useState("");
  const { mutate, isPending } = useMutation({
    mutationFn: async () => {
      const body = { name: name.trim(), text };
      const path = { project_id: projectId };
      if (context) await api.PUT("/v1/projects/{project_id}/contexts/{context_id}", { params: { path: { ...path, context_id: context.id } }, body });
      else await api.POST("/v1/projects/{project_id}/contexts", { params: { path }, body });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: contextsQuery(projectId).queryKey });
      tellDone();
      close();
    },
    onError: (error) => setFault(explain(error)),
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() && text.trim()) mutate();
        else setFault(t.contextNeeded);
      }}
    >
      <Stack gap="sm">
        <TextInput data-autofocus label={t.contextName} maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Textarea label={t.contextText} autosize minRows={5} maxRows={20} maxLength={20_000} dir="auto" value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <Text role="alert" size="sm" className={classes.fault}>{fault}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>{common.cancel}</Button>
          <Button type="submit" loading={isPending}>{common.save}</Button>
        </Group>
      </Stack>
    </form>
  );
}
