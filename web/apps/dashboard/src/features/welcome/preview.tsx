/** One question to try, answered as a visitor would see it. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "../../api/client.ts";
import { Blocks, Sources } from "../../parts/answer/blocks.tsx";
import { Icon } from "../../parts/icons.tsx";
import { AnchorLink } from "../../parts/links.tsx";
import { explain, Loading } from "../../parts/states.tsx";
import { useTexts } from "../../texts/index.ts";
import { texts } from "./texts.ts";
import classes from "./welcome.module.css";

export function Preview({ projectId, isReady }: { projectId: string; isReady: boolean }) {
  const t = useTexts(texts);
  const [typed, setTyped] = useState("");
  const { mutate, data: answer, error, isPending, variables } = useMutation({
    mutationFn: (question: string) => data(api.POST("/v1/projects/{project_id}/playground", { params: { path: { project_id: projectId } }, body: { question, history: [] } })),
  });
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() && isReady && !isPending) mutate(typed.trim());
  };
  return (
    <div className={classes.preview}>
      <p className={classes.note}>{isReady ? t.tryLead : t.notYet}</p>
      <form className={classes.asking} onSubmit={ask}>
        <TextInput className={classes.question} aria-label={t.question} placeholder={t.placeholder} maxLength={4000} value={typed} disabled={!isReady} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button type="submit" disabled={!isReady || !typed.trim()} loading={isPending} leftSection={<Icon name="send" />}>{t.ask}</Button>
      </form>
      <div aria-live="polite">
        {isPending && <><p className={classes.asked} dir="auto">{variables}</p><span className={classes.hidden}>{t.asking}</span><Loading rows={3} /></>}
        {error && !isPending && <p role="alert">{explain(error)}</p>}
        {answer && !isPending && (
          <>
            <p className={classes.asked} dir="auto">{variables}</p>
            <div className={classes.answer}>
              <Blocks blocks={answer.blocks} sources={answer.sources} />
              <Sources sources={answer.sources} blocks={answer.blocks} />
            </div>
            <AnchorLink size="sm" to="/p/$projectId/playground" params={{ projectId }} search={{ q: variables }}>{t.whyThis}</AnchorLink>
          </>
        )}
      </div>
    </div>
  );
}
