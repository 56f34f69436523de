/** The plan, its limits, and what is used of it. */
import { Anchor, Stack, Table, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense } from "react";
import { api, data } from "../../../../api/client.ts";
import { projectsQuery, useMay } from "../../../../api/queries.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Page } from "../../../../parts/page.tsx";
import { Loading } from "../../../../parts/states.tsx";
import { date, number } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { useDraft } from "../../draft.ts";
import type { Faults } from "../../faults.ts";
import { Card, SettingsForm } from "../../form.tsx";
import { texts as names } from "../../texts.ts";
import { Facts } from "../parts/list.tsx";
import { Meters, money } from "./meters.tsx";
import classes from "./plan.module.css";
import { accountQuery, modelUsageQuery, usageQuery } from "./queries.ts";
import { texts } from "./texts.ts";

export function PlanPage() {
  const t = useTexts(texts);
  return (
    <Page title={useTexts(names).plan} lead={t.lead}>
      <Suspense fallback={<Loading rows={8} />}>
        <Stack gap="md">
          <Account />
          <Usage />
          <Models />
        </Stack>
      </Suspense>
      <ApiCalls
        calls={[
          { method: "GET", path: "/v1/account" },
          { method: "PATCH", path: "/v1/account", body: { name: "Lamps and more" } },
          { method: "GET", path: "/v1/account/usage" },
          { method: "GET", path: "/v1/language-models/usage" },
        ]}
      />
    </Page>
  );
}

function Account() {
  const t = useTexts(texts);
  const client = useQueryClient();
  const canWrite = useMay()("account:write");
  const { data: account } = useSuspenseQuery(accountQuery);
  const { features } = useSuspenseQuery(usageQuery).data;
  const form = useDraft({
    saved: { name: account.name },
    canWrite,
    check: ({ name }): Faults => (name.trim() ? {} : { name: t.nameMissing }),
    save: async ({ name }) => {
      const changed = await data(api.PATCH("/v1/account", { body: { name: name.trim() } }));
      client.setQueryData(accountQuery.queryKey, changed);
      void client.invalidateQueries({ queryKey: ["me"] });
      return { name: changed.name };
    },
  });
  const told = (isIn: boolean) =>
    Object.entries(features).filter(([, has]) => has === isIn).map(([name]) => (name in t.features ? t.features[name as keyof typeof t.features] : name)).join(" · ");
  return (
    <SettingsForm form={form}>
      <Card title={t.account}>
        <TextInput label={t.name} description={t.nameHelp} maxLength={200} {...form.text("name")} />
        <Facts
          facts={[
            [t.plan, <span key="plan" className={classes.plan}>{account.plan}</span>],
            [t.since, date(account.created_at)],
            [t.includes, told(true)],
            [t.without, told(false)],
          ]}
        />
        {account.trial_ends_at && <Text size="sm" c="dimmed">{t.trial(date(account.trial_ends_at))}</Text>}
      </Card>
    </SettingsForm>
  );
}

function Usage() {
  const t = useTexts(texts);
  const { data: usage } = useSuspenseQuery(usageQuery);
  return (
    <>
      <Meters title={t.things} metrics={usage.things} />
      <Meters title={t.messages} lead={t.messagesLead} metrics={usage.messages} />
      <Meters title={t.requests} lead={t.requestsLead} metrics={usage.requests} />
    </>
  );
}

function Models() {
  const t = useTexts(texts);
  const { spending } = useSuspenseQuery(usageQuery).data;
  const { data: usage } = useSuspenseQuery(modelUsageQuery);
  const { data: projects = [] } = useQuery(projectsQuery);
  return (
    <>
      <Meters title={t.spending} lead={t.spendingLead} metrics={spending} currency={usage.currency} />
      <Card title={t.models} actions={<Anchor size="sm" renderRoot={(props) => <Link to="/settings/models" {...props} />}>{t.caps}</Anchor>}>
        {usage.models.length === 0 ? <Text size="sm" c="dimmed">{t.noModels}</Text> : (
          <Table.ScrollContainer minWidth={520} scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": t.models, role: "region" } }}>
            <Table>
              <Table.Thead>
                <Table.Tr>{[t.model, t.project, `${t.answers}, ${t.today}`, `${t.answers}, ${t.month}`, `${t.tokens}, ${t.month}`, `${t.cost}, ${t.month}`].map((one) => <Table.Th key={one}>{one}</Table.Th>)}</Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {usage.models.map(({ model_id: id, project_id: projectId, name, day, month }) => (
                  <Table.Tr key={`${id} ${projectId}`}>
                    <Table.Td>{name}</Table.Td>
                    <Table.Td>{projects.find((one) => one.id === projectId)?.name ?? ""}</Table.Td>
                    <Table.Td>{number(day.answers)}</Table.Td>
                    <Table.Td>{number(month.answers)}</Table.Td>
                    <Table.Td>{number(month.input_tokens + month.output_tokens)}</Table.Td>
                    <Table.Td>{money(month.money, usage.currency)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Card>
    </>
  );
}
