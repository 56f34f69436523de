/** What models have cost, and the caps of the whole account. */
import { Progress, Text } from "@mantine/core";
import { queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, data, type Schemas } from "../../../../api/client.ts";
import { projectsQuery, queryClient } from "../../../../api/queries.ts";
import { number } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { CapFields, capFaults, capsIn, capTexts } from "../../caps.tsx";
import { Outdated, useDraft } from "../../draft.ts";
import { Card, SettingsForm } from "../../form.tsx";
import websites from "../../project/websites/websites.module.css";
import classes from "./models.module.css";
import { money } from "./money.ts";
import { usageQuery } from "./queries.ts";
import { texts } from "./texts.ts";

type Counted = Schemas["CountedOut"];
type Answers = Schemas["AnswersOut"];

export function Spending() {
  const t = useTexts(texts);
  const { data: usage } = useSuspenseQuery(usageQuery);
  const { data: projects = [] } = useQuery(projectsQuery);
  const nameOf = (id: string) => projects.find((one) => one.id === id)?.name ?? "";
  const cell = ({ answers, input_tokens, output_tokens, money: micros }: Answers) =>
    [t.answersCount(number(answers)), t.tokens(number(input_tokens + output_tokens)), ...(usage.currency ? [money(micros, usage.currency)] : [])].join(", ");
  return (
    <Card title={t.costs} lead={t.costsLead}>
      {usage.account && (
        <div className={classes.totals}>
          <Total title={t.today} counted={usage.account.day} currency={usage.currency} />
          <Total title={t.thisMonth} counted={usage.account.month} currency={usage.currency} />
        </div>
      )}
      {usage.models.length === 0 && <Text size="sm" c="dimmed">{t.noUsage}</Text>}
      {usage.models.length > 0 && (
        <div className={classes.scroll} tabIndex={0} role="region" aria-label={t.byModel}>
          <table className={classes.table}>
            <thead><tr><th scope="col">{t.model}</th><th scope="col">{t.project}</th><th scope="col">{t.today}</th><th scope="col">{t.thisMonth}</th></tr></thead>
            <tbody>
              {usage.models.map((one) => (
                <tr key={`${one.project_id} ${one.model_id}`}><th scope="row">{one.name}</th><td>{nameOf(one.project_id)}</td><td>{cell(one.day)}</td><td>{cell(one.month)}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {usage.projects.length > 0 && (
        <p className={websites.note}>
          {t.projectCaps}{" "}
          {usage.projects.map(({ project_id: projectId }, place) => (
            <span key={projectId}>{place > 0 && ", "}<Link to="/p/$projectId/settings/general" params={{ projectId }} className={websites.link}>{nameOf(projectId)}</Link></span>
          ))}
        </p>
      )}
    </Card>
  );
}

function Total({ title, counted, currency }: { title: string; counted: Counted; currency: string | null }) {
  const t = useTexts(texts);
  const tokens = counted.most_tokens === null ? t.tokens(number(counted.tokens)) : t.tokensOf(number(counted.tokens), number(counted.most_tokens));
  const hasMoney = currency !== null || counted.most_money !== null;
  const spent = counted.most_money === null ? money(counted.money, currency) : t.of(money(counted.money, currency), money(counted.most_money, currency));
  const shares = [counted.most_tokens ? counted.tokens / counted.most_tokens : 0, counted.most_money ? counted.money / counted.most_money : 0];
  const share = Math.max(...shares);
  const isCapped = counted.most_tokens !== null || counted.most_money !== null;
  return (
    <div className={classes.total}>
      <span className={websites.note}>{title}</span>
      <strong>{hasMoney ? spent : tokens}</strong>
      {hasMoney && <span className={websites.note}>{tokens}</span>}
      {isCapped && <Progress value={Math.min(100, share * 100)} color={share >= 1 ? "red" : "desk"} aria-label={t.capUsed(title)} />}
    </div>
  );
}

const accountQuery = queryOptions({ queryKey: ["account"], queryFn: () => data(api.GET("/v1/account", {})) });

export function AccountCaps() {
  const t = useTexts(texts);
  const { data: account } = useSuspenseQuery(accountQuery);
  const { data: usage } = useSuspenseQuery(usageQuery);
  const form = useDraft({
    saved: { caps: capTexts(account.spending_caps) },
    canWrite: true,
    roots: ["spending_caps"],
    check: ({ caps }) => capFaults(caps, "spending_caps", t.wrongNumber),
    save: async ({ caps }, base) => {
      const current = await data(api.GET("/v1/account", {}));
      queryClient.setQueryData(accountQuery.queryKey, current);
      if (JSON.stringify(capTexts(current.spending_caps)) !== JSON.stringify(base.caps)) throw new Outdated({ caps: capTexts(current.spending_caps) });
      const { per_day = {}, per_month = {} } = capsIn(caps);
      const changed = await data(api.PATCH("/v1/account", { body: { name: current.name, spending_caps: { per_day, per_month } } }));
      queryClient.setQueryData(accountQuery.queryKey, changed);
      await queryClient.invalidateQueries({ queryKey: usageQuery.queryKey });
      return { caps: capTexts(changed.spending_caps) };
    },
  });
  return (
    <SettingsForm form={form}>
      <Card title={t.accountCaps} lead={t.accountCapsLead}>
        <CapFields value={form.value.caps} onChange={(caps) => form.set({ caps })} periods={["per_day", "per_month"]} before="spending_caps" faultAt={form.faultAt} currency={usage.currency} disabled={false} />
      </Card>
    </SettingsForm>
  );
}
