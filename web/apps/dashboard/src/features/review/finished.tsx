/** A draft that is not, or not by this person, to be changed: as visitors would get it. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Markdown } from "../../parts/markdown.tsx";
import { useTexts } from "../../texts/index.ts";
import { FormFailure } from "../knowledge/form.tsx";
import { Mark } from "../knowledge/mark.tsx";
import type { Draft } from "./queries.ts";
import classes from "./review.module.css";
import { texts } from "./texts.ts";

export function Finished({ projectId, draft, approve, failure }: { projectId: string; draft: Draft; approve: (() => void) | undefined; failure: string }) {
  const t = useTexts(texts);
  return (
    <section className={classes.form} aria-label={t.editing}>
      <h2 className={classes.title} dir="auto">{draft.question}</h2>
      <Markdown text={draft.answer} />
      <p className={classes.note}>{[draft.category, ...draft.tags].filter(Boolean).join(" · ")}</p>
      {draft.status === "approved" && (
        <p className={classes.note}>
          <Mark state={{ tone: "good", text: t.isApproved }} />{" · "}
          <Link className={classes.link} to="/p/$projectId/knowledge/questions" params={{ projectId }} search={{ open: draft.item_id ?? undefined }}>{t.inKnowledge}</Link>
        </p>
      )}
      {draft.status === "rejected" && <p className={classes.note}><Mark state={{ tone: "calm", text: t.isRejected }} /></p>}
      <FormFailure>{failure}</FormFailure>
      {approve && <div><Button variant="default" onClick={approve}>{t.approve}</Button></div>}
    </section>
  );
}
