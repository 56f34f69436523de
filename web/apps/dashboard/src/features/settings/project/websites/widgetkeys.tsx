/** Keys with which pages and apps of the owner's own start conversations. */
import { Button, Group, Text, TextInput } from "@mantine/core";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "../../../../api/client.ts";
import { queryClient } from "../../../../api/queries.ts";
import { CopyButton } from "../../../../parts/copy.tsx";
import { later } from "../../../../parts/notify.tsx";
import { explain } from "../../../../parts/states.tsx";
import { date } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import { pathOf, type WidgetKey, widgetKeysQuery } from "./queries.ts";
import { texts } from "./texts.ts";
import classes from "./websites.module.css";

export function WidgetKeys({ projectId, canWrite }: { projectId: string; canWrite: boolean }) {
  const t = useTexts(texts);
  const query = widgetKeysQuery(projectId);
  const { data: keys } = useSuspenseQuery(query);
  const working = keys.filter((one) => one.revoked_at === null);
  const revoke = (key: WidgetKey) => {
    queryClient.setQueryData(query.queryKey, keys.filter(({ id }) => id !== key.id));
    const refresh = () => queryClient.invalidateQueries({ queryKey: query.queryKey });
    later({
      message: t.keyRevoked(key.name),
      commit: async () => {
        await api.DELETE("/v1/projects/{project_id}/widget-keys/{key_id}", { params: { path: { project_id: projectId, key_id: key.id } } });
        await refresh();
      },
      restore: () => void refresh(),
    });
  };
  return (
    <Card title={t.keys} lead={t.keysLead}>
      {working.length > 0 && (
        <ul className={classes.list} aria-label={t.keys}>
          {working.map((key) => (
            <li key={key.id} className={classes.item}>
              <div className={classes.head}>
                <h3 className={classes.name}>{key.name}</h3>
                <span className={classes.note}>{date(key.created_at)}</span>
                <div className={classes.end}>
                  <CopyButton value={key.id} label={t.copy(key.name)} />
                  {canWrite && <Button variant="default" onClick={() => revoke(key)} aria-label={t.revokeOf(key.name)}>{t.revoke}</Button>}
                </div>
              </div>
              <p className={classes.note} dir="ltr">{key.id}</p>
            </li>
          ))}
        </ul>
      )}
      {working.length === 0 && <Text size="sm" c="dimmed">{t.noKeys}</Text>}
      {canWrite && <Making projectId={projectId} />}
    </Card>
  );
}

function Making({ projectId }: { projectId: string }) {
  const t = useTexts(texts);
  const [name, setName] = useState("");
  const [fault, setFault] = useState("");
  const { mutate, isPending } = useMutation({
    mutationFn: () => data(api.POST("/v1/projects/{project_id}/widget-keys", { params: pathOf(projectId), body: { name: name.trim() } })),
    onSuccess: () => {
      setName("");
      return queryClient.invalidateQueries({ queryKey: widgetKeysQuery(projectId).queryKey });
    },
    onError: (error) => setFault(explain(error)),
  });
  const make = () => (name.trim() ? mutate() : setFault(t.keyNameNeeded));
  return (
    <Group align="flex-end" gap="xs">
      <TextInput
        label={t.keyName}
        placeholder={t.keyExample}
        maxLength={100}
        flex="1 1 12rem"
        value={name}
        error={fault || undefined}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setFault("");
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          make();
        }}
      />
      <Button variant="default" onClick={make} loading={isPending}>{t.makeKey}</Button>
    </Group>
  );
}
