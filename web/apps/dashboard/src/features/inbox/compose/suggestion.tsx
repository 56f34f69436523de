/** A suggested reply above the field: that it is being written, where it comes from, or why there is none. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { SourceNames } from "../../../parts/answer/blocks.tsx";
import { explain } from "../../../parts/states.tsx";
import { percent } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import type { Thread } from "../thread.ts";
import { useItems } from "../threads.ts";
import classes from "./compose.module.css";
import type { State, Suggestion } from "./suggesting.ts";
import { texts } from "./texts.ts";

type Does = { ask: () => void; stop: () => void; discard: () => void; insertBelow: () => void };

export function SuggestionLine({ state, thread, does }: { state: State; thread: Thread; does: Does }) {
  const t = useTexts(texts);
  const close = <Quiet act={does.stop}>{t.close}</Quiet>;
  switch (state.kind) {
    case "idle":
      return null;
    case "busy":
      return <Line><span>{t.busy}</span><Quiet act={does.stop}>{t.stopShort}</Quiet></Line>;
    case "failed":
      return <Line isFailure><span>{explain(state.error)}</span><Plain act={does.ask}>{t.retry}</Plain>{close}</Line>;
    case "none":
      return <Line><Why suggestion={state.suggestion} />{close}</Line>;
    case "offered":
      return (
        <Line>
          <span>{t.offered}</span>
          <blockquote className={classes.offer} dir="auto" tabIndex={0}>{state.text}</blockquote>
          <Origin suggestion={state.suggestion} />
          <Plain act={does.insertBelow}>{t.insertBelow}</Plain>
          <Quiet act={does.stop}>{t.keep}</Quiet>
          <Newer suggestion={state.suggestion} thread={thread} ask={does.ask} />
        </Line>
      );
    case "placed":
      return (
        <Line>
          <span>{t.placed}</span>
          <Origin suggestion={state.suggestion} />
          <Quiet act={does.discard}>{t.discard}</Quiet>
          <Newer suggestion={state.suggestion} thread={thread} ask={does.ask} />
        </Line>
      );
  }
}

function Line({ isFailure, children }: { isFailure?: boolean; children: ReactNode }) {
  const t = useTexts(texts);
  return <div className={classes.suggestion} role={isFailure ? "alert" : "group"} aria-label={t.suggestion} data-suggestion>{children}</div>;
}

const Plain = ({ act, children }: { act: () => void; children: ReactNode }) => <Button size="compact-sm" variant="default" onClick={act}>{children}</Button>;
const Quiet = ({ act, children }: { act: () => void; children: ReactNode }) => <Button size="compact-sm" variant="subtle" onClick={act}>{children}</Button>;

function Origin({ suggestion: { sources, confidence, model } }: { suggestion: Suggestion }) {
  const t = useTexts(texts);
  const notes = [sources.length > 0 && confidence !== null && t.confidence(percent(confidence)), model].filter(Boolean);
  return (
    <span className={classes.origin}>
      {sources.length ? <>{t.from} <SourceNames sources={sources} /></> : t.noSources}
      {notes.length > 0 && ` · ${notes.join(" · ")}`}
    </span>
  );
}

function Why({ suggestion: { withheld, topics, actions } }: { suggestion: Suggestion }) {
  const t = useTexts(texts);
  const names = (all: readonly string[]) => all.map((one) => `“${one}”`).join(", ");
  return (
    <span dir="auto">
      {t.none[withheld ?? "no_answer"]}
      {topics.length > 0 && ` ${t.topics(names(topics))}`}
      {withheld === "action" && actions.length > 0 && ` ${t.actions(names(actions.map(({ name }) => name)))}`}
    </span>
  );
}

/** Says that something came after what the suggestion answers. */
function Newer({ suggestion, thread, ask }: { suggestion: Suggestion; thread: Thread; ask: () => void }) {
  const t = useTexts(texts);
  const said = useItems(thread).flatMap(({ message }) => message ?? []);
  const place = said.findIndex(({ id }) => id === suggestion.message_id);
  const newer = place < 0 ? [] : said.slice(place + 1);
  const author = newer.some((one) => one.author === "visitor") ? "visitor" : newer.at(-1)?.author;
  return (
    <div role="status" className={classes.newer}>
      {author && <><span>{t.newer[author]}</span>{author === "visitor" && <Plain act={ask}>{t.again}</Plain>}</>}
    </div>
  );
}
