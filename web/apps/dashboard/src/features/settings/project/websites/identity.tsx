/** The secret with which the website's own server says who a visitor is. */
import { Button, Group, Text } from "@mantine/core";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "../../../../api/client.ts";
import { queryClient } from "../../../../api/queries.ts";
import { tellDone, tellFailure } from "../../../../parts/notify.tsx";
import { dateTime } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { Confirm } from "../../confirm.tsx";
import { pathOf, secretQuery } from "./queries.ts";
import { ShownOnce } from "./shownonce.tsx";
import { texts } from "./texts.ts";

export function Secret({ projectId, isEnforced, canWrite }: { projectId: string; isEnforced: boolean; canWrite: boolean }) {
  const t = useTexts(texts);
  const query = secretQuery(projectId);
  const { data: known } = useSuspenseQuery(query);
  const [made, setMade] = useState("");
  const [asked, setAsked] = useState<"new" | "delete" | null>(null);
  const params = pathOf(projectId);
  const refresh = () => queryClient.invalidateQueries({ queryKey: query.queryKey });
  const make = useMutation({
    mutationFn: () => data(api.POST("/v1/projects/{project_id}/identity-secret", { params })),
    onSuccess: ({ secret }) => {
      setMade(secret);
      void refresh();
    },
    onError: tellFailure,
  });
  const remove = useMutation({
    mutationFn: () => api.DELETE("/v1/projects/{project_id}/identity-secret", { params }),
    onSuccess: () => {
      setMade("");
      tellDone(t.secretDeleted);
      void refresh();
    },
    onError: tellFailure,
  });
  return (
    <>
      {made && <ShownOnce title={t.secretMade} text={made} done={() => setMade("")} />}
      <Group justify="space-between">
        <Text size="sm">{known.set_at ? t.secretSet(dateTime(known.set_at)) : t.noSecret}</Text>
        {canWrite && (
          <Group gap="xs">
            {known.set_at && !isEnforced && <Button variant="default" onClick={() => setAsked("delete")}>{t.deleteSecret}</Button>}
            <Button variant="default" loading={make.isPending} onClick={() => (known.set_at ? setAsked("new") : make.mutate())}>{known.set_at ? t.newSecret : t.makeSecret}</Button>
          </Group>
        )}
      </Group>
      <Confirm isOpen={asked === "new"} close={() => setAsked(null)} title={t.newSecretTitle} text={t.newSecretText} yes={t.newSecret} act={() => make.mutate()} />
      <Confirm isOpen={asked === "delete"} close={() => setAsked(null)} title={t.deleteSecretTitle} text={t.deleteSecretText} yes={t.deleteSecret} act={() => remove.mutate()} />
    </>
  );
}
