/** Questions that had no answer, or a bad one: to answer or to dismiss. */
import { Button, Group, NativeSelect, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { api } from "../../api/client.ts";
import { useMay } from "../../api/queries.ts";
import { useCommands } from "../../app/commands.ts";
import { ApiCalls } from "../../parts/apicalls.tsx";
import { removeLater } from "../../parts/hidden.ts";
import { useKept } from "../../parts/kept.ts";
import { Moment } from "../../parts/moment.tsx";
import { tellDone } from "../../parts/notify.tsx";
import { Empty } from "../../parts/states.tsx";
import { useTexts } from "../../texts/index.ts";
import { FormFailure, useSending } from "../knowledge/form.tsx";
import { ItemFields, itemOf } from "../knowledge/items/fields.tsx";
import { Mark } from "../knowledge/mark.tsx";
import { Conversation } from "./conversation.tsx";
import { Decisions, Key } from "./decisions.tsx";
import { decide, KINDS, type Question, questionsQuery, refresh } from "./queries.ts";
import classes from "./review.module.css";
import { texts } from "./texts.ts";

const FROM = "/p/$projectId/review/questions";
const LONGEST = 2000;

export function QuestionsPage() {
  const t = useTexts(texts);
  const { projectId } = useParams({ from: FROM });
  const { kind, open } = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const query = useInfiniteQuery(questionsQuery(projectId, kind));
  return (
    <>
      <Decisions
        label={t.questions}
        query={query}
        opened={open}
        open={(id) => void navigate({ search: (before) => ({ ...before, open: id }), replace: true })}
        row={(question) => (
          <>
            <span className={classes.question} dir="auto">{question.question}</span>
            <span className={classes.note}><KindMark question={question} />{" · "}{t.asked(question.count)}{" · "}<Moment at={question.last_asked_at} /></span>
          </>
        )}
        detail={(question, next) => (
          <div className={classes.both}>
            <Answering key={question.id} projectId={projectId} question={question} next={next} />
            <Conversation id={question.conversation_id} />
          </div>
        )}
        filter={<NativeSelect label={t.show} value={kind ?? ""} onChange={(event) => void navigate({ search: { kind: KINDS.find((one) => one === event.currentTarget.value) } })} data={[{ value: "", label: t.allKinds }, ...KINDS.map((one) => ({ value: one, label: t[one] }))]} />}
        nothing={kind ? <Empty icon="review" title={t.nothingOfKind} /> : <Empty icon="check" title={t.nothingAsked}>{t.nothingAskedText}</Empty>}
      />
      <ApiCalls calls={[{ method: "GET", path: `/v1/projects/${projectId}/open-questions` }, { method: "POST", path: `/v1/projects/${projectId}/open-questions/${open ?? "question_…"}/answer`, body: { answer: "Behind the barn." } }]} />
    </>
  );
}

function KindMark({ question: { kind } }: { question: Question }) {
  const t = useTexts(texts);
  return <Mark state={kind === "negative" ? { tone: "bad", text: t.isNegative } : { tone: "warn", text: t.isUnanswered }} />;
}

function Answering({ projectId, question, next }: { projectId: string; question: Question; next: () => void }) {
  const t = useTexts(texts);
  const canWrite = useMay()("knowledge:write");
  const form = useRef<HTMLFormElement>(null);
  const { given, change, forget } = useKept(question.id, { question: question.question.slice(0, LONGEST), answer: "", category: "", tags: "" });
  const sending = useSending(given, async (once) => {
    const path = { project_id: projectId, question_id: question.id };
    await api.POST("/v1/projects/{project_id}/open-questions/{question_id}/answer", { params: { path, header: { "Idempotency-Key": once } }, body: itemOf(given) });
    tellDone(t.answered);
    forget();
    next();
    await refresh(projectId);
  });
  const dismiss = () => {
    removeLater(question.id, t.dismissed, () => decide(projectId, `open-questions/${question.id}/dismiss`));
    next();
  };
  const write = () => form.current?.querySelectorAll("textarea")[1]?.focus();
  useCommands(
    canWrite
      ? [
          { id: "write-answer", label: t.writeAnswer, group: t.review, keys: "a", run: write },
          { id: "dismiss", label: t.dismiss, group: t.review, keys: "x", run: dismiss },
        ]
      : [],
  );
  return (
    <section className={classes.form} aria-label={t.answering}>
      <h2 className={classes.title} dir="auto">{question.question}</h2>
      {question.reason && <p className={classes.reason} dir="auto">“{question.reason}”</p>}
      <p className={classes.note}><KindMark question={question} />{" · "}{t.asked(question.count)}, {t.last} <Moment at={question.last_asked_at} /></p>
      {canWrite && (
        <form ref={form} aria-label={t.answering} onSubmit={(event) => void sending.submit(event)}>
          <Stack gap="md">
            <ItemFields projectId={projectId} given={given} change={change} />
            <FormFailure>{sending.failure}</FormFailure>
            <Group gap="xs">
              <Button type="submit" loading={sending.isSending}>{t.answer}</Button>
              <Button variant="default" rightSection={<Key>x</Key>} onClick={dismiss}>{t.dismiss}</Button>
            </Group>
          </Stack>
        </form>
      )}
      <p className={classes.note}>{t.stays}</p>
    </section>
  );
}
