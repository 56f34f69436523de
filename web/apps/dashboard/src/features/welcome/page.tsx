/** The first steps of a project: what it knows, a question to try, the tag for the website. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { projectQuery, projectsQuery, useMay } from "../../api/queries.ts";
import { rememberProject } from "../../app/project.ts";
import { Icon } from "../../parts/icons.tsx";
import { Page } from "../../parts/page.tsx";
import { Empty, Failure, Loading } from "../../parts/states.tsx";
import { useTexts } from "../../texts/index.ts";
import { KeyHolder } from "./keyholder.tsx";
import { KnowledgeStep } from "./knowledge.tsx";
import { sourcesQuery } from "./queries.ts";
import { STEPS, type Step } from "./steps.ts";
import { TagStep } from "./tag.tsx";
import { texts } from "./texts.ts";
import { TryStep } from "./try.tsx";
import classes from "./welcome.module.css";

const route = getRouteApi("/account/welcome");

export function WelcomePage() {
  const t = useTexts(texts);
  const may = useMay();
  const { data: projects = [] } = useQuery(projectsQuery);
  const { project, step = "knowledge" } = route.useSearch();
  // Who has projects of their own knows us already.
  const isFirst = !projects.some(({ id, demo }) => !demo && id !== project);
  const title = isFirst ? t.title : t.newProject;
  if (!may("projects:write")) return <Page title={title}><Empty icon="lock" title={t.forbiddenTitle}>{t.forbidden}</Empty></Page>;
  return (
    <Page title={title} lead={t.lead}>
      <KeyHolder />
      <Steps project={project} step={step} />
      {project ? <Stepped projectId={project} step={step} /> : <KnowledgeStep />}
    </Page>
  );
}

function Stepped({ projectId, step }: { projectId: string; step: Step }) {
  const { data: project, error, refetch } = useQuery(projectQuery(projectId));
  useEffect(() => {
    if (project) rememberProject(project.id);
  }, [project]);
  const part = useRef<HTMLDivElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current !== step) part.current?.focus({ preventScroll: true });
    shown.current = step;
  }, [step]);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!project) return <Loading />;
  return (
    <div ref={part} tabIndex={-1} className={classes.part}>
      {step === "knowledge" && <KnowledgeStep project={project} />}
      {step === "try" && <TryStep projectId={projectId} />}
      {step === "tag" && <TagStep project={project} />}
    </div>
  );
}

function Steps({ project, step }: { project?: string; step: Step }) {
  const t = useTexts(texts);
  const { data: sources = [] } = useQuery({ ...sourcesQuery(project ?? ""), enabled: Boolean(project) });
  const isDone = (one: Step) => (one === "knowledge" ? sources.length > 0 : STEPS.indexOf(one) < STEPS.indexOf(step));
  return (
    <nav className={classes.steps} aria-label={t.stepOf(STEPS.indexOf(step) + 1, STEPS.length)}>
      <ol>
        {STEPS.map((one, place) => {
          const mark = <span className={classes.mark}>{isDone(one) && one !== step ? <Icon name="check" size={14} /> : place + 1}</span>;
          return (
            <li key={one}>
              {project ? (
                <Link to="/welcome" search={{ project, step: one }} aria-current={one === step ? "step" : undefined}>{mark}{t.steps[one]}</Link>
              ) : (
                <span aria-current={one === step ? "step" : undefined}>{mark}{t.steps[one]}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
