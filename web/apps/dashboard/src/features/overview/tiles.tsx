/** The numbers of the range, each with its change, its picture, and the way to what is behind it. */
import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { duration, number, percent } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import { Change, type Changed, differenceOf } from "./change.tsx";
import classes from "./overview.module.css";
import { type Counted, Days, Picture } from "./picture.tsx";
import type { Overview } from "./queries.ts";
import { texts } from "./texts.ts";

/** What is behind a number, of the same days where the page can show them alone. */
type Place = { to: "/inbox"; search: { project: string; view: "open" | "people" } } | { to: "/p/$projectId/review" } | { to: "/p/$projectId/leads"; search: { from: string; to: string } };

export function Tiles({ projectId, overview: { current, previous, days } }: { projectId: string; overview: Overview }) {
  const t = useTexts(texts);
  const inbox: Place = { to: "/inbox", search: { project: projectId, view: "open" } };
  const questions = current.answered + current.abstained;
  const counted = (what: Counted, place: Place, good: Changed["good"], detail?: string) => (
    <Tile
      name={t[what]}
      value={number(current[what])}
      detail={detail}
      place={place}
      projectId={projectId}
      change={differenceOf(current[what], previous[what], good, t, "count")}
      days={days}
      what={what}
    />
  );
  const { median_response_seconds: median, p90_response_seconds: most, satisfaction, ratings } = current;
  return (
    <section aria-labelledby="numbers">
      <h2 id="numbers" className={classes.title}>{t.numbers}</h2>
      <div className={classes.tiles}>
        {counted("conversations", inbox, null)}
        {counted("answered", inbox, "up", questions ? t.answeredShare(percent(current.answered / questions)) : undefined)}
        {counted("abstained", { to: "/p/$projectId/review" }, "down")}
        {counted("handed_over", { to: "/inbox", search: { project: projectId, view: "people" } }, null)}
        <Tile
          name={t.response}
          value={median === null ? "–" : duration(median)}
          detail={most === null ? undefined : t.responseMost(duration(most))}
          place={inbox}
          projectId={projectId}
          change={differenceOf(median, previous.median_response_seconds, "down", t, "time")}
        />
        <Tile
          name={t.satisfaction}
          value={satisfaction === null ? "–" : percent(satisfaction / 100)}
          detail={ratings === 0 ? t.noRatings : ratings === 1 ? t.rating : t.ratings(number(ratings))}
          place={inbox}
          projectId={projectId}
          change={differenceOf(satisfaction, previous.satisfaction, "up", t, "points")}
        />
        {counted("leads", { to: "/p/$projectId/leads", search: { from: current.from, to: current.to } }, "up")}
      </div>
    </section>
  );
}

type TileProps = {
  name: string;
  value: string;
  detail?: string;
  place: Place;
  projectId: string;
  change: Changed;
  /** Those of the picture and its table, where there are any. */
  days?: Overview["days"];
  what?: Counted;
};

function Tile({ name, value, detail, place, projectId, change, days, what }: TileProps) {
  const id = useId();
  return (
    <article className={classes.tile} aria-labelledby={id}>
      <h3 id={id} className={classes.name}>{name}</h3>
      <p className={classes.value}>
        <Link {...place} params={{ projectId }} aria-label={`${name}: ${value}`}>{value}</Link>
      </p>
      <Change change={change} />
      {detail && <p className={classes.note}>{detail}</p>}
      {days && what && (
        <>
          <Picture days={days} what={what} />
          <Days days={days} what={what} name={name} />
        </>
      )}
    </article>
  );
}
