/** Adds a model, or changes one. It is asked for a word before it is saved. */
import { Button, Checkbox, Group, Modal, NativeSelect, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ChangeEvent, useEffect, useRef, useState } from "react";
import { Problem } from "@answerdesk/api";
import { api, data, type Schemas } from "../../../../api/client.ts";
import { projectsQuery, queryClient } from "../../../../api/queries.ts";
import { tellDone } from "../../../../parts/notify.tsx";
import { PasswordField } from "../../../../parts/password.tsx";
import { explain } from "../../../../parts/states.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { faultAt, type Faults, faultsOf } from "../../faults.ts";
import { formTexts } from "../../formtexts.ts";
import { isAmount, isWhole, moneyIn, moneyText } from "../../values.ts";
import groups from "../../form.module.css";
import websites from "../../project/websites/websites.module.css";
import { type Model, modelsQuery } from "./queries.ts";
import { texts } from "./texts.ts";

/** What the form begins with; without a model, one is added. */
export type Given = { model?: Model };

type Provider = Schemas["LanguageModelIn"]["provider"];
const PROVIDERS: readonly Provider[] = ["openai", "anthropic", "google", "compatible"];
const EXAMPLES: Record<Provider, string> = { openai: "gpt-4o-mini", anthropic: "claude-sonnet-4-5", google: "gemini-2.5-flash", compatible: "llama3.2" };
const USUAL_TOKENS = 800;

const draftOf = (model?: Model) => ({
  provider: model?.provider ?? ("openai" as Provider),
  model: model?.model ?? "",
  url: model?.url ?? "",
  key: "",
  name: model?.name ?? "",
  project_id: model?.project_id ?? "",
  max_tokens: String(model?.max_tokens ?? USUAL_TOKENS),
  fallback: model?.fallback ?? "",
  input_price: moneyText(model?.input_price),
  output_price: moneyText(model?.output_price),
  currency: model?.currency ?? "",
});

type ModelDraft = ReturnType<typeof draftOf>;

export function ModelDialog({ given, models, close }: { given: Given | null; models: Model[]; close: () => void }) {
  const t = useTexts(texts);
  const common = useTexts(formTexts);
  return (
    <Modal opened={given !== null} onClose={close} title={given?.model ? t.changeOf(given.model.name) : t.add} size="lg" closeOnClickOutside={false} closeButtonProps={{ "aria-label": common.cancel }}>
      {given && <ModelForm model={given.model} models={models} close={close} />}
    </Modal>
  );
}

function ModelForm({ model, models, close }: { model: Model | undefined; models: Model[]; close: () => void }) {
  const t = useTexts(texts);
  const common = useTexts(formTexts);
  const { data: projects = [] } = useQuery(projectsQuery);
  const [draft, setDraft] = useState(() => draftOf(model));
  const [faults, setFaults] = useState<Faults>({});
  const [isUnchecked, setUnchecked] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (Object.keys(faults).length) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);
  const { mutate, isPending } = useMutation({
    mutationFn: () => send(draft, model, isUnchecked),
    onSuccess: async ({ name }) => {
      await queryClient.invalidateQueries({ queryKey: modelsQuery.queryKey });
      tellDone(model ? t.changed(name) : t.added(name));
      close();
    },
    onError: (error) => setFaults(error instanceof Problem && error.status === 422 ? faultsOf(error.message, Object.keys(draft)) : { "": explain(error) }),
  });
  const field = (key: keyof ModelDraft) => ({
    value: draft[key],
    error: faultAt(faults, key),
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) => {
      setDraft({ ...draft, [key]: event.currentTarget.value });
      setFaults({});
    },
  });
  const submit = () => {
    const found = wrongIn(draft, t);
    setFaults(found);
    if (!Object.keys(found).length) mutate();
  };
  const others = models.filter(({ id }) => id !== model?.id);
  const isCompatible = draft.provider === "compatible";
  return (
    <form
      ref={element}
      noValidate
      aria-busy={isPending}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <NativeSelect label={t.provider} disabled={model !== undefined} data={PROVIDERS.map((one) => ({ value: one, label: t.providers[one] }))} {...field("provider")} />
          <TextInput data-autofocus label={t.modelLabel} placeholder={EXAMPLES[draft.provider]} maxLength={200} spellCheck={false} autoCapitalize="none" {...field("model")} />
        </SimpleGrid>
        {isCompatible && <TextInput label={t.urlLabel} description={t.urlHelp} placeholder="https://host/v1" inputMode="url" spellCheck={false} dir="ltr" {...field("url")} />}
        <PasswordField label={t.keyLabel} description={model?.has_key ? t.keyKept : t.keyHelp} autoComplete="off" maxLength={4000} {...field("key")} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label={t.name} placeholder={draft.model} maxLength={200} {...field("name")} />
          <NativeSelect label={t.for} disabled={model !== undefined} data={[{ value: "", label: t.allProjects }, ...projects.map(({ id, name }) => ({ value: id, label: name }))]} {...field("project_id")} />
          <TextInput label={t.longestLabel} inputMode="numeric" {...field("max_tokens")} />
          <NativeSelect label={t.ifAway} data={[{ value: "", label: t.withoutModel }, ...others.map(({ id, name }) => ({ value: id, label: name }))]} {...field("fallback")} />
        </SimpleGrid>
        <fieldset className={groups.group}>
          <Text component="legend" size="sm" fw={600} mb="xs">{t.pricesOf}</Text>
          <SimpleGrid cols={{ base: 1, xs: 3 }}>
            <TextInput label={t.inputPrice} inputMode="decimal" {...field("input_price")} />
            <TextInput label={t.outputPrice} inputMode="decimal" {...field("output_price")} />
            <TextInput label={t.currency} placeholder="EUR" maxLength={3} {...field("currency")} />
          </SimpleGrid>
        </fieldset>
        <Text size="sm" c="dimmed">{t.pricesHelp}</Text>
        <Checkbox label={t.unchecked} checked={isUnchecked} onChange={(event) => setUnchecked(event.currentTarget.checked)} />
        <div role="alert">{faults[""] && <Text size="sm" className={websites.fault}>{faults[""]}</Text>}</div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>{common.cancel}</Button>
          <Button type="submit" loading={isPending}>{model ? common.save : isUnchecked ? t.addIt : t.addAndTest}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function send(draft: ModelDraft, model: Model | undefined, unchecked: boolean) {
  const body = {
    name: draft.name.trim() || draft.model.trim(),
    model: draft.model.trim(),
    url: draft.provider === "compatible" ? draft.url.trim() : null,
    max_tokens: draft.max_tokens.trim() ? Number(draft.max_tokens) : USUAL_TOKENS,
    input_price: moneyIn(draft.input_price),
    output_price: moneyIn(draft.output_price),
    currency: draft.currency.trim().toUpperCase() || null,
    fallback: draft.fallback || null,
    ...(draft.key ? { key: draft.key } : {}),
  };
  const query = { unchecked };
  if (model) return data(api.PATCH("/v1/language-models/{model_id}", { params: { path: { model_id: model.id }, query }, body }));
  return data(api.POST("/v1/language-models", { params: { query }, body: { ...body, provider: draft.provider, project_id: draft.project_id || null } }));
}

function wrongIn(draft: ModelDraft, said: { modelNeeded: string; urlNeeded: string; wrongNumber: string; allPrices: string }): Faults {
  const prices = [draft.input_price, draft.output_price, draft.currency].map((one) => one.trim());
  const found: Record<string, string> = {};
  if (!draft.model.trim()) found.model = said.modelNeeded;
  if (draft.provider === "compatible" && !draft.url.trim()) found.url = said.urlNeeded;
  if (!isWhole(draft.max_tokens, 1, 100_000)) found.max_tokens = said.wrongNumber;
  if (!isAmount(draft.input_price)) found.input_price = said.wrongNumber;
  if (!isAmount(draft.output_price)) found.output_price = said.wrongNumber;
  if (prices.some(Boolean) && !prices.every(Boolean)) found[(["input_price", "output_price", "currency"] as const).find((_, place) => !prices[place]) ?? ""] = said.allPrices;
  return found;
}
