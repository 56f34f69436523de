/** What a new project still needs, and the way from the demo to a website of one's own. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client.ts";
import { projectsQuery, useMay } from "../../api/queries.ts";
import { Icon } from "../../parts/icons.tsx";
import { ButtonLink } from "../../parts/links.tsx";
import { useTexts } from "../../texts/index.ts";
import { overviewQuery, knowsQuery } from "./queries.ts";
import classes from "./overview.module.css";
import { rangeOf } from "./range.ts";
import { texts } from "./texts.ts";

export function FirstSteps({ project }: { project: Schemas["ProjectOut"] }) {
  const may = useMay();
  if (!may("projects:write")) return null;
  return project.demo ? <Demo /> : <Steps project={project} />;
}

function Demo() {
  const t = useTexts(texts);
  const { data: projects } = useQuery(projectsQuery);
  // Who has a website here already knows the way.
  if (!projects || projects.some(({ demo }) => !demo)) return null;
  return (
    <section className={classes.first} aria-labelledby="demo">
      <div>
        <h2 id="demo" className={classes.firstTitle}>{t.demoTitle}</h2>
        <p className={classes.note}>{t.demoText}</p>
      </div>
      <ButtonLink to="/welcome" leftSection={<Icon name="globe" />}>{t.demoAction}</ButtonLink>
    </section>
  );
}

function Steps({ project }: { project: Schemas["ProjectOut"] }) {
  const t = useTexts(texts);
  const { data: knows } = useQuery(knowsQuery(project.id));
  // The usual range tells whether anybody has asked: it is mostly the one that is shown anyway.
  const { data: seen } = useQuery(overviewQuery(project.id, rangeOf({}, project.settings.office_hours.timezone)));
  if (!knows || !seen) return null;
  const hasVisitors = seen.current.conversations + seen.previous.conversations > 0;
  if (hasVisitors && knows.any) return null;
  const steps = [
    { name: t.stepRead, step: "knowledge", isDone: knows.any },
    { name: t.stepTry, step: "try", isDone: hasVisitors },
    { name: t.stepTag, step: "tag", isDone: hasVisitors },
  ] as const;
  const next = steps.find(({ isDone }) => !isDone) ?? steps[0];
  return (
    <section className={classes.first} aria-labelledby="first">
      <div>
        <h2 id="first" className={classes.firstTitle}>{t.firstTitle}</h2>
        <p className={classes.note}>{t.firstText}</p>
        <ol className={classes.steps}>
          {steps.map(({ name, step, isDone }) => (
            <li key={step} data-done={isDone || undefined}>
              <Icon name={isDone ? "check" : "right"} size={16} />
              <Link to="/welcome" search={{ project: project.id, step }}>{name}</Link>
              <span className={classes.hidden}> ({isDone ? t.done : t.open})</span>
            </li>
          ))}
        </ol>
      </div>
      <ButtonLink to="/welcome" search={{ project: project.id, step: next.step }}>{t.begin}</ButtonLink>
    </section>
  );
}
