/** What can be done with a webhook: pause, start, edit, a new secret, delete. */
import { Button, Group, NativeSelect, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, data } from "../../../../api/client.ts";
import { useMe } from "../../../../api/queries.ts";
import { useCommands } from "../../../../app/commands.ts";
import { texts as shell } from "../../../../app/texts.ts";
import { Icon } from "../../../../parts/icons.tsx";
import { tellDone, tellFailure } from "../../../../parts/notify.tsx";
import { PasswordField } from "../../../../parts/password.tsx";
import { removeLater } from "../../../../parts/removal.ts";
import { useTexts } from "../../../../texts/index.ts";
import { FormDialog } from "../../../../parts/formdialog.tsx";
import { SecretDialog } from "../parts/secretdialog.tsx";
import { changes, type Webhook, webhooksQuery } from "./queries.ts";
import { texts } from "./texts.ts";
import { EditWebhook } from "./webhookform.tsx";

type Dialog = "edit" | "rotate" | "show" | null;

export function WebhookActions({ webhook }: { webhook: Webhook }) {
  const t = useTexts(texts);
  const { here } = useTexts(shell);
  const isPerson = useMe().kind === "user";
  const [open, setOpen] = useState<Dialog>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const { toggle, remove } = useChanges(webhook);
  const close = () => setOpen(null);
  const hasOpenSecret = webhook.format === "orac" && isPerson;
  useCommands([
    { id: "edit-webhook", label: t.edit, group: here, keys: "e", run: () => setOpen("edit") },
    { id: "pause-webhook", label: webhook.enabled ? t.pause : t.start, group: here, keys: "p", run: () => void toggle() },
    { id: "rotate-secret", label: t.rotate, group: here, run: () => setOpen("rotate") },
    { id: "delete-webhook", label: t.remove, group: here, run: remove },
  ]);
  return (
    <Group gap="xs">
      <Button variant={webhook.enabled ? "default" : "filled"} leftSection={<Icon name={webhook.enabled ? "pause" : "play"} size={16} />} onClick={() => void toggle()}>
        {webhook.enabled ? t.pause : t.start}
      </Button>
      <Button variant="default" leftSection={<Icon name="edit" size={16} />} onClick={() => setOpen("edit")}>{t.edit}</Button>
      <Button variant="default" leftSection={<Icon name="key" size={16} />} onClick={() => setOpen("rotate")}>{t.rotate}</Button>
      {hasOpenSecret && <Button variant="default" onClick={() => setOpen("show")}>{t.showSecret}</Button>}
      <Button variant="default" leftSection={<Icon name="trash" size={16} />} onClick={remove}>{t.remove}</Button>
      <EditWebhook webhook={webhook} opened={open === "edit"} onClose={close} />
      <Rotation webhook={webhook} opened={open === "rotate"} onClose={close} onMade={setSecret} />
      <ShownAgain webhook={webhook} opened={open === "show"} onClose={close} onShown={setSecret} />
      <SecretDialog secret={secret} title={t.secretFor} note={webhook.format === "orac" ? t.secretOrac : undefined} onClose={() => setSecret(null)} />
    </Group>
  );
}

function useChanges({ id, url, enabled }: Webhook) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const navigate = useNavigate();
  const toggle = async () => {
    const params = { path: { webhook_id: id } };
    try {
      const call = enabled ? api.PATCH("/v1/webhooks/{webhook_id}", { params, body: changes({ enabled: false }) }) : api.POST("/v1/webhooks/{webhook_id}/enable", { params });
      client.setQueryData(["webhooks", id], await data(call));
      void client.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true });
      tellDone(enabled ? t.pausedNow : t.started);
    } catch (error) {
      tellFailure(error);
    }
  };
  const remove = () => {
    removeLater({ id, path: `/v1/webhooks/${id}`, message: t.removed(url), done: () => void client.invalidateQueries(webhooksQuery) });
    void navigate({ to: "/settings/webhooks" });
  };
  return { toggle, remove };
}

type DialogProps = { webhook: Webhook; opened: boolean; onClose: () => void };

function Rotation({ webhook, opened, onClose, onMade }: DialogProps & { onMade: (secret: string) => void }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const [hours, setHours] = useState("24");
  const rotate = async () => {
    const { secret, ...changed } = await data(api.POST("/v1/webhooks/{webhook_id}/rotate-secret", { params: { path: { webhook_id: webhook.id } }, body: { overlap_hours: Number(hours) } }));
    client.setQueryData(["webhooks", webhook.id], changed);
    onMade(secret);
  };
  return (
    <FormDialog opened={opened} onClose={onClose} title={t.rotateTitle} submit={t.rotateYes} onSubmit={rotate}>
      <Text size="sm">{t.rotateText}</Text>
      <NativeSelect label={t.overlap} value={hours} onChange={(event) => setHours(event.currentTarget.value)} data={([1, 24, 168, 0] as const).map((value) => ({ value: String(value), label: t.hours[value] }))} />
    </FormDialog>
  );
}

function ShownAgain({ webhook, opened, onClose, onShown }: DialogProps & { onShown: (secret: string) => void }) {
  const t = useTexts(texts);
  const [password, setPassword] = useState("");
  const show = async () => {
    const { secret } = await data(api.POST("/v1/webhooks/{webhook_id}/secret", { params: { path: { webhook_id: webhook.id } }, body: { password } }));
    setPassword("");
    onShown(secret);
  };
  return (
    <FormDialog opened={opened} onClose={onClose} title={t.showSecret} submit={t.showIt} onSubmit={show}>
      <PasswordField label={t.password} autoComplete="current-password" required maxLength={1024} data-autofocus value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
    </FormDialog>
  );
}
