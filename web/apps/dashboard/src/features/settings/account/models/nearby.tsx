/** Offers the models of an Ollama that runs beside the server. */
import { Alert, Button, Code, Group, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { api } from "../../../../api/client.ts";
import { queryClient } from "../../../../api/queries.ts";
import { Icon } from "../../../../parts/icons.tsx";
import { tellDone, tellFailure } from "../../../../parts/notify.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { type Model, modelsQuery, nearbyQuery } from "./queries.ts";
import { texts } from "./texts.ts";

const USUAL_TOKENS = 800;

export function Nearby({ models }: { models: Model[] }) {
  const t = useTexts(texts);
  const { data: nearby } = useQuery(nearbyQuery);
  const { mutate, isPending, variables } = useMutation({
    mutationFn: (model: string) => api.POST("/v1/language-models", { body: { name: model, provider: "compatible", url: nearby?.url ?? null, model, max_tokens: USUAL_TOKENS } }),
    onSuccess: async (_, model) => {
      await queryClient.invalidateQueries({ queryKey: modelsQuery.queryKey });
      tellDone(t.added(model));
    },
    onError: tellFailure,
  });
  if (!nearby?.url) return null;
  const offered = nearby.models.filter((name) => !models.some((one) => one.url === nearby.url && one.model === name));
  if (!nearby.setting && !offered.length) return null;
  return (
    <Alert variant="light" icon={<Icon name="info" />} title={t.nearby}>
      <Text size="sm" mb="xs">{nearby.setting ? t.nearbySetting : t.nearbyOffer}</Text>
      {nearby.setting
        ? <Code block>{nearby.setting}</Code>
        : <Group gap="xs">{offered.map((model) => <Button key={model} size="xs" variant="default" loading={isPending && variables === model} disabled={isPending} onClick={() => mutate(model)}>{model}</Button>)}</Group>}
    </Alert>
  );
}
