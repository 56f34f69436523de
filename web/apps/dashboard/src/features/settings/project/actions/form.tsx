/** One action: the address, what it needs, what calls it, what the visitor reads, a test, its calls. */
import { Anchor, Group, NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { api } from "../../../../api/client.ts";
import { queryClient, useMay } from "../../../../api/queries.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Icon } from "../../../../parts/icons.tsx";
import { Page } from "../../../../parts/page.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { saveOver, useDraft } from "../../draft.ts";
import { Card, SettingsForm } from "../../form.tsx";
import { lines } from "../../values.ts";
import { Headers, type Header, headersPatch } from "./headers.tsx";
import { ActionLog } from "./log.tsx";
import { Parameters, parameterFrom, parameterOf } from "./parameters.tsx";
import { type Action, actionsQuery } from "./queries.ts";
import { Trial } from "./trial.tsx";
import { texts } from "./texts.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

const actionOf = (action: Action) => ({
  name: action.name,
  description: action.description,
  url: action.url,
  method: action.method as string,
  parameters: action.parameters.map(parameterOf),
  headers: action.headers.map((name): Header => ({ name, value: "", isKept: true })),
  triggers: action.triggers.join("\n"),
  answer: action.answer ?? "",
  fallback: action.fallback ?? "",
  needsIdentity: action.needs_identity,
  enabled: action.enabled,
});

export type ActionDraft = ReturnType<typeof actionOf>;

const patchOf = (draft: ActionDraft, base: ActionDraft) => ({
  name: draft.name.trim(),
  description: draft.description.trim(),
  url: draft.url.trim(),
  method: draft.method,
  parameters: draft.parameters.map(parameterFrom),
  headers: headersPatch(draft.headers, base.headers),
  triggers: lines(draft.triggers),
  answer: draft.answer.trim() || null,
  fallback: draft.fallback.trim() || null,
  needs_identity: draft.needsIdentity,
  enabled: draft.enabled,
});

export function ActionForm({ action }: { action: Action }) {
  const t = useTexts(texts);
  const may = useMay();
  const params = { path: { action_id: action.id } };
  const key = actionsQuery(action.project_id).queryKey;
  const form = useDraft({
    saved: actionOf(action),
    canWrite: may("agents:write"),
    roots: ["needs_identity"],
    check: ({ name, url, headers }) => ({
      name: !name.trim() && t.nameNeeded,
      url: !url.trim() && t.urlNeeded,
      ...Object.fromEntries(headers.map((one, place) => [`headers[${place}]`, (!one.name.trim() || (!one.isKept && !one.value)) && t.headerNeeded])),
    }),
    save: (draft, base) =>
      saveOver({
        of: actionOf,
        base,
        read: () => api.GET("/v1/actions/{action_id}", { params }),
        write: (tag) => api.PATCH("/v1/actions/{action_id}", { params: { ...params, header: { "If-Match": tag } }, body: patchOf(draft, base) }),
        keep: (changed: Action) => queryClient.setQueryData(key, (known: Action[] | undefined) => known?.map((one) => (one.id === changed.id ? changed : one))),
      }),
  });
  const { value, set } = form;
  const at = `/v1/actions/${action.id}`;
  return (
    <Page title={action.name} lead={<Back projectId={action.project_id} />}>
      <SettingsForm form={form}>
        <Card title={t.call} actions={<Switch label={t.enabled} {...form.flag("enabled")} />}>
          <TextInput label={t.name} maxLength={100} {...form.text("name")} />
          <TextInput label={t.description} description={t.descriptionHelp} maxLength={1000} {...form.text("description")} />
          <Group align="flex-start" wrap="wrap">
            <NativeSelect label={t.method} w={110} {...form.text("method")} data={METHODS} />
            <TextInput label={t.url} description={t.urlHelp} inputWrapperOrder={["label", "input", "description", "error"]} flex="1 1 18rem" inputMode="url" spellCheck={false} dir="ltr" {...form.text("url")} />
          </Group>
          <Headers value={value.headers} onChange={(headers) => set({ headers })} faultAt={form.faultAt} disabled={!form.canWrite} />
        </Card>
        <Card title={t.parameters} lead={t.parametersLead}>
          <Parameters value={value.parameters} onChange={(parameters) => set({ parameters })} faultAt={form.faultAt} disabled={!form.canWrite} />
        </Card>
        <Card title={t.when} lead={t.whenLead}>
          <Textarea label={t.triggers} description={t.triggersHelp} placeholder={t.triggersExample} autosize minRows={2} maxRows={12} {...form.text("triggers")} />
          <Switch label={t.needsIdentity} description={t.needsIdentityHelp} {...form.flag("needsIdentity", "needs_identity")} />
        </Card>
        <Card title={t.says}>
          <Textarea label={t.answer} description={t.answerHelp} placeholder={t.answerExample} autosize minRows={2} maxRows={10} maxLength={2000} dir="auto" {...form.text("answer")} />
          <Textarea label={t.fallback} description={t.fallbackHelp} autosize minRows={2} maxRows={6} maxLength={1000} dir="auto" {...form.text("fallback")} />
        </Card>
        {form.canWrite && <Trial action={action} isDirty={form.isDirty} />}
        <ActionLog actionId={action.id} />
      </SettingsForm>
      <ApiCalls calls={[{ method: "GET", path: at }, { method: "PATCH", path: at, body: { enabled: value.enabled } }, { method: "POST", path: `${at}/test`, body: { parameters: {} } }, { method: "GET", path: `${at}/calls` }]} />
    </Page>
  );
}

export function Back({ projectId }: { projectId: string }) {
  const t = useTexts(texts);
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/p/$projectId/settings/actions" params={{ projectId }} {...props} />}>
      <Icon name="left" size={14} /> {t.back}
    </Anchor>
  );
}
