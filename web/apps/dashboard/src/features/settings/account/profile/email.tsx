/** The address that the person logs in with, and the change of it that waits to be confirmed. */
import { Alert, Button, Group, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, data, type Schemas } from "../../../../api/client.ts";
import { membersQuery, meQuery, queryClient } from "../../../../api/queries.ts";
import { useCommands } from "../../../../app/commands.ts";
import { texts as shell } from "../../../../app/texts.ts";
import { FormDialog } from "../../../../parts/formdialog.tsx";
import { tellDone, tellFailure } from "../../../../parts/notify.tsx";
import { PasswordField } from "../../../../parts/password.tsx";
import { time } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import classes from "./profile.module.css";
import { texts } from "./texts.ts";

type Change = Schemas["EmailChangeOut"];

const EACH_MS = 4000;
const NEW = { email: "", password: "" };

const renew = () => queryClient.invalidateQueries({ queryKey: meQuery.queryKey });

export function Email({ email, change }: { email: string; change: Change | null }) {
  const t = useTexts(texts);
  const { here } = useTexts(shell);
  const [isAsking, setAsking] = useState(false);
  useCommands([{ id: "change-email", label: t.changeEmail, group: here, run: () => setAsking(true) }]);
  // The link is opened in another tab or on another device.
  useQuery({ ...meQuery, refetchInterval: change ? EACH_MS : false });
  const changer = useRef<HTMLButtonElement>(null);
  const awaited = useRef("");
  useEffect(() => {
    if (change) awaited.current = change.email;
    else if (awaited.current === email) {
      awaited.current = "";
      void queryClient.invalidateQueries({ queryKey: membersQuery.queryKey });
      tellDone(t.emailChanged(email));
    }
  }, [change, email, t]);
  return (
    <div className={classes.email}>
      <Group justify="space-between" align="center" gap="xs">
        <div className={classes.address}>
          <Text size="sm" fw={500}>{t.email}</Text>
          <Text>{email}</Text>
        </div>
        <Button ref={changer} variant="default" size="sm" aria-label={t.changeEmail} onClick={() => setAsking(true)}>{t.changeShort}</Button>
      </Group>
      <div role="status">{change && <Waiting change={change} email={email} onCancelled={() => changer.current?.focus()} />}</div>
      <Asking email={email} opened={isAsking} onClose={() => setAsking(false)} />
    </div>
  );
}

function Asking({ email, opened, onClose }: { email: string; opened: boolean; onClose: () => void }) {
  const t = useTexts(texts);
  const [typed, setTyped] = useState(NEW);
  const close = () => {
    setTyped(NEW);
    onClose();
  };
  const ask = async () => {
    await data(api.POST("/v1/me/email-change", { body: { email: typed.email, current_password: typed.password } }));
    await renew();
  };
  return (
    <FormDialog opened={opened} onClose={close} title={t.changeEmail} submit={t.sendLink} onSubmit={ask}>
      <Text size="sm">{t.emailText(email)}</Text>
      <TextInput label={t.newEmail} type="email" autoComplete="email" required maxLength={254} data-autofocus value={typed.email} onChange={(event) => setTyped({ ...typed, email: event.currentTarget.value })} />
      {/* Password managers learn from it whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <PasswordField label={t.current} autoComplete="current-password" required maxLength={1024} value={typed.password} onChange={(event) => setTyped({ ...typed, password: event.currentTarget.value })} />
    </FormDialog>
  );
}

type WaitingProps = { change: Change; email: string; onCancelled: () => void };

function Waiting({ change: { email: next, expires_at: expires, letter }, email, onCancelled }: WaitingProps) {
  const t = useTexts(texts);
  const [busy, setBusy] = useState<"letter" | "cancel" | null>(null);
  const isAway = letter?.state === "failed" || letter?.state === "failing";
  const run = (which: "letter" | "cancel", call: () => Promise<unknown>, said: string) => async () => {
    setBusy(which);
    try {
      await call();
      tellDone(said);
    } catch (error) {
      tellFailure(error);
    } finally {
      await renew();
      setBusy(null);
    }
  };
  const again = run("letter", () => api.POST("/v1/me/email-change/letter", {}), t.linkSent(next));
  const cancel = run("cancel", () => api.DELETE("/v1/me/email-change", {}).then(onCancelled), t.changeCancelled(email));
  return (
    <Alert variant="light" color={isAway ? "orange" : undefined} title={t.waitsFor(next)}>
      <Text size="sm">{t.linkFate[letter?.state ?? "mailed"]} {t.untilThen(time(expires), email)}</Text>
      <Group gap="xs" mt="sm">
        <Button size="sm" variant="default" loading={busy === "letter"} onClick={() => void again()}>{t.sendAgain}</Button>
        <Button size="sm" variant="default" loading={busy === "cancel"} onClick={() => void cancel()}>{t.cancelChange}</Button>
      </Group>
    </Alert>
  );
}
