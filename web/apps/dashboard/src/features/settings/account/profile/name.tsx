/** Changes the person's own name. */
import { Alert, Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { api, data } from "../../../../api/client.ts";
import { membersQuery, meQuery, queryClient } from "../../../../api/queries.ts";
import { tellDone } from "../../../../parts/notify.tsx";
import { explain } from "../../../../parts/states.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { formTexts } from "../../formtexts.ts";
import { Leaving } from "../../form.tsx";
import classes from "./profile.module.css";
import { texts } from "./texts.ts";

export function Name({ name }: { name: string }) {
  const t = useTexts(texts);
  const { save } = useTexts(formTexts);
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const isDirty = typed !== null && typed !== name;
  const change = async (event: FormEvent) => {
    event.preventDefault();
    setProblem("");
    setBusy(true);
    try {
      queryClient.setQueryData(meQuery.queryKey, await data(api.PATCH("/v1/me", { body: { name: typed ?? name } })));
      void queryClient.invalidateQueries({ queryKey: membersQuery.queryKey });
      setTyped(null);
      tellDone();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={classes.form} aria-label={t.name} onSubmit={(event) => void change(event)}>
      <TextInput label={t.name} description={t.nameHelp} autoComplete="name" maxLength={200} dir="auto" value={typed ?? name} onChange={(event) => setTyped(event.currentTarget.value)} />
      {problem && <Alert color="red" role="alert">{problem}</Alert>}
      {isDirty && <div><Button type="submit" loading={isBusy}>{save}</Button></div>}
      <Leaving isDirty={isDirty} />
    </form>
  );
}
