/** The widget's texts in each language: ours, and the owner's in their place. */
import { Button, Group, NativeSelect, Text, Textarea, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { languageName } from "../../../../texts/formats.ts";
import { useLanguage, useTexts } from "../../../../texts/index.ts";
import type { Draft } from "../../draft.ts";
import { Card } from "../../form.tsx";
import { tidyTag } from "../../values.ts";
import { type LookDraft, textPath } from "./draft.ts";
import classes from "./look.module.css";
import type { OwnTexts } from "./queries.ts";
import { texts } from "./texts.ts";

const TAG = /^[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i;

type Props = { form: Draft<LookDraft>; own: OwnTexts; language: string; languages: string[]; speak: (language: string) => void };

export function TextsCard({ form, own, language, languages, speak }: Props) {
  const t = useTexts(texts);
  const spoken = useLanguage();
  const [search, setSearch] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const mine = form.value.texts;
  const faulty = Object.entries(mine).flatMap(([tag, own]) => Object.keys(own).map((key) => ({ tag, path: textPath(tag, key) }))).find(({ path }) => form.faultAt(path));
  // A mistake in a text that is not shown now is led to.
  useEffect(() => {
    if (faulty && faulty.tag !== language) speak(faulty.tag);
  }, [faulty?.path]);
  useEffect(() => {
    if (faulty?.tag === language) list.current?.closest("form")?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faulty?.path, language]);
  const keys = Object.keys(own.texts[own.fallback] ?? {});
  const ours = (key: string) => inherited(key, language, own, mine);
  const wanted = search.trim().toLowerCase();
  const isFaulty = (key: string) => form.faultAt(textPath(language, key)) !== undefined;
  const isMeant = (key: string) => !wanted || isFaulty(key) || `${key} ${mine[language]?.[key] ?? ""} ${ours(key)}`.toLowerCase().includes(wanted);
  const groups = [...new Set(keys.map((key) => key.split(".")[0] ?? key))];
  const shown = groups.map((group) => ({ group, keys: keys.filter((key) => key.startsWith(`${group}.`) && isMeant(key)) })).filter((one) => one.keys.length);
  const put = (key: string, text: string) => {
    const { [key]: _, ...others } = mine[language] ?? {};
    const said = text === "" ? others : { ...others, [key]: text };
    const { [language]: __, ...rest } = mine;
    form.set({ texts: Object.keys(said).length ? { ...mine, [language]: said } : rest });
  };
  return (
    <Card title={t.texts} lead={t.textsLead}>
      <Group grow preventGrowOverflow={false} align="flex-end">
        <NativeSelect label={t.language} value={language} onChange={(event) => speak(event.currentTarget.value)} data={languages.map((one) => ({ value: one, label: `${languageName(one, spoken)} (${one})` }))} />
        <TextInput type="search" label={t.searchTexts} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      </Group>
      {form.canWrite && <NewLanguage add={speak} />}
      <div ref={list}>
        {shown.map(({ group, keys: inGroup }) => (
          <Texts key={`${group} ${language}`} title={t.groups[group as keyof typeof t.groups] ?? group} isOpen={wanted !== "" || inGroup.some(isFaulty) || undefined} keys={inGroup} count={inGroup.filter((key) => mine[language]?.[key]).length}>
            {(key) => (
              <Textarea
                label={ours(key)}
                description={key}
                inputWrapperOrder={["label", "input", "description", "error"]}
                placeholder={ours(key)}
                autosize
                minRows={1}
                maxRows={8}
                maxLength={1000}
                lang={language}
                dir="auto"
                disabled={!form.canWrite}
                value={mine[language]?.[key] ?? ""}
                error={form.faultAt(textPath(language, key))}
                onChange={(event) => put(key, event.currentTarget.value)}
              />
            )}
          </Texts>
        ))}
        {shown.length === 0 && <Text size="sm" role="status">{t.noText}</Text>}
      </div>
    </Card>
  );
}

/** What visitors read if the owner's own text is empty: of the broader language, else ours, else English. */
function inherited(key: string, language: string, own: OwnTexts, mine: LookDraft["texts"]): string {
  const parts = language.split("-");
  const broader = parts.map((_, at) => parts.slice(0, parts.length - at).join("-"));
  const from = broader.filter((one) => one !== language).find((one) => mine[one]?.[key]);
  if (from) return mine[from]?.[key] ?? "";
  const known = broader.find((one) => own.texts[one]?.[key]);
  return own.texts[known ?? own.fallback]?.[key] ?? "";
}

type GroupProps = { title: string; isOpen: boolean | undefined; keys: string[]; count: number; children: (key: string) => React.ReactNode };

function Texts({ title, isOpen, keys, count, children }: GroupProps) {
  const t = useTexts(texts);
  const [wasOpened, setOpened] = useState(false);
  return (
    <details className={classes.group} open={isOpen ?? wasOpened} onToggle={(event) => isOpen === undefined && setOpened(event.currentTarget.open)}>
      <summary>{title}{count > 0 && <span className={classes.count}>{t.own(count)}</span>}</summary>
      {(isOpen ?? wasOpened) && <ul>{keys.map((key) => <li key={key}>{children(key)}</li>)}</ul>}
    </details>
  );
}

function NewLanguage({ add }: { add: (language: string) => void }) {
  const t = useTexts(texts);
  const [tag, setTag] = useState("");
  const [fault, setFault] = useState("");
  const begin = () => {
    const tidy = tidyTag(tag.trim());
    if (!TAG.test(tidy)) return setFault(t.wrongTag);
    setTag("");
    add(tidy);
  };
  return (
    <Group align="flex-end" gap="xs">
      <TextInput
        label={t.otherLanguage}
        placeholder="pt-BR"
        maxLength={35}
        spellCheck={false}
        value={tag}
        error={fault || undefined}
        onChange={(event) => {
          setTag(event.currentTarget.value);
          setFault("");
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          begin();
        }}
      />
      <Button variant="default" onClick={begin}>{t.addLanguage}</Button>
    </Group>
  );
}
