/** What people have to do now. */
import { Link } from "@tanstack/react-router";
import { Icon, type IconName } from "../../parts/icons.tsx";
import { number } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import classes from "./overview.module.css";
import type { Overview } from "./queries.ts";
import { texts } from "./texts.ts";

export function Now({ projectId, overview: { waiting, open_questions: questions } }: { projectId: string; overview: Overview }) {
  const t = useTexts(texts);
  return (
    <section aria-labelledby="now">
      <h2 id="now" className={classes.title}>{t.now}</h2>
      <div className={classes.now}>
        <Link className={classes.urgent} data-some={waiting > 0 || undefined} to="/inbox" search={{ project: projectId, view: "waiting" }}>
          <Waits icon="inbox" count={waiting} name={t.waiting} then={waiting ? t.waitingSome : t.waitingNone} />
        </Link>
        <Link className={classes.urgent} to="/p/$projectId/review" params={{ projectId }}>
          <Waits icon="review" count={questions} name={t.questions} then={questions ? t.questionsSome : t.questionsNone} />
        </Link>
      </div>
    </section>
  );
}

function Waits({ icon, count, name, then }: { icon: IconName; count: number; name: string; then: string }) {
  return (
    <>
      <Icon name={icon} size={22} />
      <span className={classes.what}>
        <span>{name}</span>
        <span className={classes.note}>{then}</span>
      </span>
      <strong className={classes.count}>{number(count)}</strong>
    </>
  );
}
