/** The website is being read while the first question can be tried already. */
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Failure, Loading } from "../../parts/states.tsx";
import { useTexts } from "../../texts/index.ts";
import { Preview } from "./preview.tsx";
import { sourcesQuery } from "./queries.ts";
import { Reading } from "./reading.tsx";
import { texts } from "./texts.ts";
import classes from "./welcome.module.css";

const route = getRouteApi("/account/welcome");

export function TryStep({ projectId }: { projectId: string }) {
  const t = useTexts(texts);
  const navigate = route.useNavigate();
  const { data: sources, error, refetch } = useQuery(sourcesQuery(projectId));
  return (
    <>
      <div className={classes.columns}>
        <div>
          <h2 className={classes.title}>{t.live}</h2>
          {sources ? <Reading projectId={projectId} sources={sources} /> : error ? <Failure error={error} retry={() => void refetch()} /> : <Loading rows={4} />}
        </div>
        <div>
          <h2 className={classes.title}>{t.tryTitle}</h2>
          <Preview projectId={projectId} isReady={sources?.some(({ ready }) => ready > 0) ?? false} />
        </div>
      </div>
      <Group justify="space-between" mt="xl">
        <Button variant="subtle" onClick={() => void navigate({ search: { project: projectId, step: "knowledge" } })}>{t.back}</Button>
        <Button size="md" onClick={() => void navigate({ search: { project: projectId, step: "tag" } })}>{t.toTag}</Button>
      </Group>
    </>
  );
}
