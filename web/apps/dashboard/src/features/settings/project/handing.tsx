/** When conversations are passed on to people, how fast they are to be answered, what is learnt from them. */
import { Button, Group, NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { Icon } from "../../../parts/icons.tsx";
import { useTexts } from "../../../texts/index.ts";
import type { Checked } from "../draft.ts";
import { Card } from "../form.tsx";
import { isWhole, lines, numberIn, textOf } from "../values.ts";
import classes from "./hours/hours.module.css";
import { texts } from "./hours/texts.ts";
import { Told, toldFaults } from "./hours/told.tsx";
import { type Texts, textsPatch } from "./owntexts.ts";
import type { Project } from "./project.ts";

type Rule = { keywords: string; pages: string; during: string };

export type HandoffDraft = { afterFailures: string; belowConfidence: string; unclaimed: string; rules: Rule[]; texts: Texts; firstResponse: string; resolution: string; learning: boolean };

export function handoffOf({ handoff, service_levels, learning }: Project["settings"]): HandoffDraft {
  return {
    afterFailures: textOf(handoff.after_failures),
    belowConfidence: handoff.below_confidence ? textOf(Math.round(handoff.below_confidence * 100)) : "",
    unclaimed: textOf(handoff.unclaimed_minutes),
    rules: handoff.rules.map(({ keywords, pages, during }) => ({ keywords: keywords.join("\n"), pages: pages.join("\n"), during: during ?? "" })),
    texts: handoff.texts as Texts,
    firstResponse: textOf(service_levels.first_response_minutes),
    resolution: textOf(service_levels.resolution_minutes),
    learning: learning.enabled,
  };
}

export function handoffIn(draft: HandoffDraft, base: HandoffDraft) {
  const confidence = numberIn(draft.belowConfidence);
  return {
    handoff: {
      after_failures: numberIn(draft.afterFailures),
      below_confidence: confidence === null ? null : confidence / 100,
      unclaimed_minutes: numberIn(draft.unclaimed),
      rules: draft.rules.map(({ keywords, pages, during }) => ({ keywords: lines(keywords), pages: lines(pages), during: during || null })),
      texts: textsPatch(draft.texts, base.texts),
    },
    service_levels: { first_response_minutes: numberIn(draft.firstResponse), resolution_minutes: numberIn(draft.resolution) },
    learning: { enabled: draft.learning },
  };
}

type Said = { between: (least: number, most: number) => string; ruleEmpty: string } & Parameters<typeof toldFaults>[1];

export function handoffFaults(draft: HandoffDraft, said: Said): Checked {
  const rules = draft.rules.map(({ keywords, pages, during }, place) => [`settings.handoff.rules[${place}]`, !keywords.trim() && !pages.trim() && !during && said.ruleEmpty]);
  return {
    "settings.handoff.after_failures": !isWhole(draft.afterFailures, 0, 20) && said.between(0, 20),
    "settings.handoff.below_confidence": !isWhole(draft.belowConfidence, 1, 99) && said.between(1, 99),
    "settings.handoff.unclaimed_minutes": !isWhole(draft.unclaimed, 1, 1440) && said.between(1, 1440),
    "settings.service_levels.first_response_minutes": !isWhole(draft.firstResponse, 1, 100_000) && said.between(1, 100_000),
    "settings.service_levels.resolution_minutes": !isWhole(draft.resolution, 1, 100_000) && said.between(1, 100_000),
    ...Object.fromEntries(rules),
    ...toldFaults(draft.texts, said),
  };
}

type Props = { value: HandoffDraft; onChange: (value: HandoffDraft) => void; faultAt: (path: string) => string | undefined; disabled: boolean };

export function Handing({ value, onChange, faultAt, disabled }: Props) {
  const t = useTexts(texts);
  const put = (change: Partial<HandoffDraft>) => onChange({ ...value, ...change });
  const numeric = (key: "afterFailures" | "belowConfidence" | "unclaimed" | "firstResponse" | "resolution", path: string) => ({
    inputMode: "numeric" as const,
    maw: 460,
    value: value[key],
    disabled,
    error: faultAt(`settings.${path}`),
    onChange: (event: { currentTarget: { value: string } }) => put({ [key]: event.currentTarget.value }),
  });
  return (
    <>
      <Card title={t.handing} lead={t.handingLead}>
        <TextInput label={t.afterFailures} description={t.afterFailuresHelp} {...numeric("afterFailures", "handoff.after_failures")} />
        <TextInput label={t.belowConfidence} description={t.belowConfidenceHelp} placeholder={t.never} {...numeric("belowConfidence", "handoff.below_confidence")} />
        <Rules value={value.rules} onChange={(rules) => put({ rules })} faultAt={faultAt} disabled={disabled} />
        <TextInput label={t.unclaimed} description={t.unclaimedHelp} {...numeric("unclaimed", "handoff.unclaimed_minutes")} />
      </Card>
      <Told value={value.texts} onChange={(own) => put({ texts: own })} faultAt={faultAt} disabled={disabled} />
      <Card title={t.levels} lead={t.levelsLead}>
        <Group grow preventGrowOverflow={false} align="flex-start">
          <TextInput label={t.firstResponse} placeholder={t.noTarget} {...numeric("firstResponse", "service_levels.first_response_minutes")} />
          <TextInput label={t.resolution} placeholder={t.noTarget} {...numeric("resolution", "service_levels.resolution_minutes")} />
        </Group>
        <Switch label={t.learning} description={t.learningHelp} checked={value.learning} disabled={disabled} onChange={(event) => put({ learning: event.currentTarget.checked })} />
      </Card>
    </>
  );
}

type RulesProps = { value: Rule[]; onChange: (value: Rule[]) => void; faultAt: (path: string) => string | undefined; disabled: boolean };

function Rules({ value, onChange, faultAt, disabled }: RulesProps) {
  const t = useTexts(texts);
  const put = (place: number, change: Partial<Rule>) => onChange(value.map((one, index) => (index === place ? { ...one, ...change } : one)));
  return (
    <div role="group" aria-label={t.rules} className={classes.rules}>
      <span className={classes.label}>{t.rules}</span>
      {value.map((rule, place) => (
        <div key={place} className={classes.rule} role="group" aria-label={t.rule(place + 1)}>
          <Group grow preventGrowOverflow={false} align="flex-start">
            <Textarea label={t.keywords} autosize minRows={2} maxRows={8} value={rule.keywords} disabled={disabled} error={faultAt(`settings.handoff.rules[${place}]`)} onChange={(event) => put(place, { keywords: event.currentTarget.value })} />
            <Textarea label={t.pages} description={t.pagesHelp} inputWrapperOrder={["label", "input", "description", "error"]} autosize minRows={2} maxRows={8} value={rule.pages} disabled={disabled} onChange={(event) => put(place, { pages: event.currentTarget.value })} />
          </Group>
          <Group justify="space-between" align="flex-end">
            <NativeSelect label={t.during} value={rule.during} disabled={disabled} onChange={(event) => put(place, { during: event.currentTarget.value })} data={[{ value: "", label: t.duringAlways }, { value: "office_hours", label: t.duringOpen }, { value: "closed", label: t.duringClosed }]} />
            {!disabled && <Button variant="default" onClick={() => onChange(value.filter((_, index) => index !== place))}>{t.removeRule}</Button>}
          </Group>
        </div>
      ))}
      {!disabled && value.length < 20 && <div><Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={() => onChange([...value, { keywords: "", pages: "", during: "" }])}>{t.addRule}</Button></div>}
    </div>
  );
}
