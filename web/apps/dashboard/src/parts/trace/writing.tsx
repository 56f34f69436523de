/** What a model was asked, what it wrote, and what became of its sentences. */
import { number, percent } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import { Facts, More, Section, Tag, Verbatim } from "./section.tsx";
import type { Generation, ToolCall, Verdict } from "./shapes.ts";
import { texts } from "./texts.ts";
import { milliseconds } from "./times.tsx";
import classes from "./trace.module.css";

/** The text of a name that the server may know and we do not. */
export const named = (names: Record<string, string>, name: string | null | undefined) => (name ? (names[name] ?? name) : null);

export function Writing({ generation }: { generation: Generation }) {
  const t = useTexts(texts);
  const { calls = [], calls_ignored: ignored = 0, verdicts = [], prompt = [] } = generation;
  return (
    <Section title={t.model}>
      <ModelFacts generation={generation} />
      {(calls.length > 0 || ignored > 0) && (
        <>
          <h4 className={classes.subtitle}>{t.calls}</h4>
          <ul className={classes.rows}>{calls.map((call, place) => <Called key={place} call={call} />)}</ul>
          {ignored > 0 && <p className={classes.note}>{t.callsIgnored(ignored)}</p>}
        </>
      )}
      {verdicts.length > 0 && (
        <>
          <h4 className={classes.subtitle}>{t.sentences}</h4>
          <ul className={classes.rows}>{verdicts.map((verdict, place) => <Sentence key={place} verdict={verdict} />)}</ul>
        </>
      )}
      {prompt.length > 0 && (
        <More title={t.prompt}>
          {prompt.map(({ role, text }, place) => {
            const name = named(t.roles, role) ?? role;
            return (
              <div key={place}>
                <h4 className={classes.subtitle}>{name}</h4>
                <Verbatim label={name}>{text}</Verbatim>
              </div>
            );
          })}
        </More>
      )}
    </Section>
  );
}

function ModelFacts({ generation: one }: { generation: Generation }) {
  const t = useTexts(texts);
  const hasTokens = typeof one.input_tokens === "number" && typeof one.output_tokens === "number";
  const tokens = hasTokens && t.readWritten(number(one.input_tokens ?? 0), number(one.output_tokens ?? 0));
  return (
    <Facts
      facts={[
        [t.whyNot, named(t.failures, one.failed)],
        [t.model, one.model],
        [t.attempts, one.attempts && one.attempts > 1 ? number(one.attempts) : null],
        [t.firstWord, milliseconds(one.first_token_milliseconds)],
        [t.ready, milliseconds(one.milliseconds)],
        [t.tokens, tokens ? (one.tokens_estimated ? `${tokens} ${t.estimated}` : tokens) : null],
        [t.cost, one.cost],
        [t.maySay, named(t.policies, one.knowledge)],
        [t.verification, named(t.checks, one.verification)],
        [t.found, one.no_answer ? t.noAnswer : null],
        [t.ended, one.reason && one.reason !== "stop" ? one.reason : null],
      ]}
    />
  );
}

function Called({ call }: { call: ToolCall }) {
  const t = useTexts(texts);
  const sent = Object.entries(call.arguments ?? {}).map(([name, value]) => `${name}: ${String(value)}`).join(", ");
  const notes = [milliseconds(call.milliseconds), call.error].filter(Boolean).join(" · ");
  const tone = call.verdict === "called" ? "good" : call.verdict === "failed" || call.verdict === "refused" ? "bad" : "warn";
  return (
    <li>
      <span dir="auto">{sent ? `${call.tool} (${sent})` : call.tool}</span> <Tag tone={tone}>{named(t.verdicts, call.verdict)}</Tag>
      {notes && <span className={classes.note}> {notes}</span>}
      <p className={classes.note} dir="auto">{call.result}</p>
    </li>
  );
}

function Sentence({ verdict }: { verdict: Verdict }) {
  const t = useTexts(texts);
  const { sentence, supported, passages = [], actions = [], reason, score } = verdict;
  const isClaim = supported === true || supported === false;
  return (
    <li>
      <span dir="auto">{sentence}</span>{" "}
      {!isClaim && <Tag tone="calm">{t.claimsNothing}</Tag>}
      {supported === true && passages.map((place) => <Tag key={place} tone="good">{t.passage(place)}</Tag>)}
      {supported === true && actions.map((name) => <Tag key={name} tone="good">{t.action(name)}</Tag>)}
      {supported === false && <Tag tone="bad">{t.unsupported(named(t.reasons, reason) ?? t.reasons.unsaid)}</Tag>}
      {isClaim && <span className={classes.note}> {percent(score)}</span>}
    </li>
  );
}
