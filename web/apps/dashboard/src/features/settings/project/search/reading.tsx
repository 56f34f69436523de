/** Documents that an older version has read, and reading them again. */
import { Button, Group, Progress, Text } from "@mantine/core";
import { queryOptions, useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { api, data } from "../../../../api/client.ts";
import { queryClient } from "../../../../api/queries.ts";
import { tellFailure } from "../../../../parts/notify.tsx";
import { number } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import classes from "./search.module.css";
import { texts } from "./texts.ts";

const LOOK_MS = 2000;

const readingQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["reading", projectId],
    queryFn: () => data(api.GET("/v1/projects/{project_id}/reading", { params: { path: { project_id: projectId } } })),
    refetchInterval: ({ state }) => (state.data?.running ? LOOK_MS : false),
  });

export function Reading({ projectId, canWrite }: { projectId: string; canWrite: boolean }) {
  const t = useTexts(texts);
  const query = readingQuery(projectId);
  const { data: now } = useSuspenseQuery(query);
  const params = { path: { project_id: projectId } };
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: query.queryKey });
  const onError = (error: unknown) => {
    tellFailure(error);
    return onSuccess();
  };
  const again = useMutation({ mutationFn: () => api.POST("/v1/projects/{project_id}/reading/again", { params }), onSuccess, onError });
  const cancel = useMutation({ mutationFn: () => api.POST("/v1/projects/{project_id}/reading/cancel", { params }), onSuccess, onError });
  const { running } = now;
  return (
    <Card title={t.reading} lead={t.readingLead}>
      {running && (
        <section className={classes.box} aria-label={t.readingAgain}>
          <Group justify="space-between">
            <Text fw={600}>{t.readingAgain}</Text>
            {canWrite && <Button variant="default" size="xs" loading={cancel.isPending} onClick={() => cancel.mutate()}>{t.cancel}</Button>}
          </Group>
          <Progress value={running.total ? (running.done / running.total) * 100 : 0} aria-label={t.readingAgain} />
          <Text size="sm" c="dimmed">{t.documents(number(running.done), number(running.total))}</Text>
          {running.error && <Text size="sm" className={classes.fault}>{running.error}</Text>}
        </section>
      )}
      {!running && now.older > 0 && (
        <Group justify="space-between">
          <Text size="sm">{t.older(number(now.older))}</Text>
          {canWrite && <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>{t.readAgain}</Button>}
        </Group>
      )}
      {!running && now.older === 0 && <Text size="sm">{t.allCurrent}</Text>}
      {!running && now.kept > 0 && <Text size="sm" c="dimmed">{t.kept(number(now.kept))}</Text>}
    </Card>
  );
}
