/** Changes the person's own password, and says which of their API keys still work. */
import { Alert, Button, Checkbox, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { api, data, type Schemas } from "../../../../api/client.ts";
import { PasswordField } from "../../../../parts/password.tsx";
import { explain } from "../../../../parts/states.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import classes from "./profile.module.css";
import { texts } from "./texts.ts";

const SHORTEST = 10;
const MOST_NAMED = 10;
const NEW = { current: "", next: "", revokes: false };

export function Password({ email }: { email: string }) {
  const t = useTexts(texts);
  const [typed, setTyped] = useState(NEW);
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [settled, setSettled] = useState<Schemas["PasswordSet"] | null>(null);
  const change = async (event: FormEvent) => {
    event.preventDefault();
    setSettled(null);
    setProblem("");
    if (typed.next.length < SHORTEST) return setProblem(t.tooShort);
    setBusy(true);
    try {
      const body = { current_password: typed.current, new_password: typed.next, revoke_keys: typed.revokes };
      setSettled(await data(api.POST("/v1/auth/password", { body })));
      setTyped(NEW);
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={t.password}>
      <form className={classes.form} onSubmit={(event) => void change(event)}>
        {/* Password managers learn from it whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordField label={t.current} autoComplete="current-password" required maxLength={1024} value={typed.current} onChange={(event) => setTyped({ ...typed, current: event.currentTarget.value })} />
        <PasswordField label={t.next} description={t.nextHelp} autoComplete="new-password" required maxLength={1024} value={typed.next} onChange={(event) => setTyped({ ...typed, next: event.currentTarget.value })} />
        <Checkbox label={t.revoke} description={t.revokeHelp} checked={typed.revokes} onChange={(event) => setTyped({ ...typed, revokes: event.currentTarget.checked })} />
        {problem && <Alert color="red" role="alert">{problem}</Alert>}
        <div role="status">{settled && <Alert color="teal"><Settled settled={settled} /></Alert>}</div>
        <div><Button type="submit" loading={isBusy}>{t.change}</Button></div>
      </form>
    </Card>
  );
}

function Settled({ settled: { keys, keys_revoked: revoked, keys_working: working } }: { settled: Schemas["PasswordSet"] }) {
  const t = useTexts(texts);
  const named = keys.slice(0, MOST_NAMED).map(({ name, hint, account_name: account }) => `“${name}” (${hint}, ${account})`);
  if (working > named.length) named.push(t.keysMore(working - named.length));
  return (
    <>
      <Text size="sm">{t.changed}</Text>
      {revoked > 0 && <Text size="sm">{t.keysRevoked(revoked)}</Text>}
      {working > 0 && <Text size="sm">{t.keysWorking(working, named.join(", "))}. {t.keysWhere}</Text>}
    </>
  );
}
