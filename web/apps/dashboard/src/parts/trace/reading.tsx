/** How a question was read before the search. */
import { languageName } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import { Facts, Section } from "./section.tsx";
import type { Trace } from "./shapes.ts";
import { texts } from "./texts.ts";

export function Reading({ trace, asked }: { trace: Trace; asked: string }) {
  const t = useTexts(texts);
  const { rewritten, language, terms = [], corrections = {}, synonyms = {}, halves = [], queries = [] } = trace;
  const name = !language || language === "und" ? t.unknown : languageName(language);
  return (
    <Section title={t.reading}>
      <Facts
        facts={[
          [t.readAs, rewritten && rewritten !== asked ? rewritten : t.asTyped],
          [t.language, name],
          [t.terms, terms.join(", ")],
          [t.corrected, Object.entries(corrections).map(([one, other]) => `${one} → ${other}`).join(", ")],
          [t.alsoMeans, Object.entries(synonyms).map(([one, others]) => `${one} → ${others.join(", ")}`).join("; ")],
          [t.twoParts, halves.join(" · ")],
          [t.searchedFor, queries.length > 1 && <ul>{queries.map((one) => <li key={one} dir="auto">{one}</li>)}</ul>],
        ]}
      />
    </Section>
  );
}
