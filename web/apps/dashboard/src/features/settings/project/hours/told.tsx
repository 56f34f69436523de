/** What visitors are told when a conversation is passed on, by language: ours, or the owner's. */
import { Button, Group, NativeSelect, Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import { useLanguage, useTexts } from "../../../../texts/index.ts";
import type { Checked } from "../../draft.ts";
import { Card } from "../../form.tsx";
import { languageName } from "../../../../texts/formats.ts";
import { byName, OFFERED } from "../languages.tsx";
import type { Texts } from "../owntexts.ts";
import { texts } from "./texts.ts";

const NAMES = ["passed_on", "nobody_there_until", "nobody_there", "with_person", "unclaimed", "handed_back"] as const;
const PLACE = /\{[^{}]*\}/g;
const OPENING = "{when}";

const textPath = (language: string, name: string) => `settings.handoff.texts["${language}"]["${name}"]`;

/** `{when}` stands for the next opening in one text, and nothing else stands for anything. */
export function toldFaults(told: Texts, said: { onlyWhen: (place: string) => string; nothingStands: (place: string) => string }): Checked {
  const all = Object.entries(told).flatMap(([language, own]) => Object.entries(own).map(([name, text]) => ({ language, name, text })));
  return Object.fromEntries(
    all.map(({ language, name, text }) => {
      const known = name === "nobody_there_until" ? OPENING : "";
      const unknown = (text.match(PLACE) ?? []).find((one) => one !== known);
      return [textPath(language, name), unknown !== undefined && (known ? said.onlyWhen(unknown) : said.nothingStands(unknown))];
    }),
  );
}

type Props = { value: Texts; onChange: (value: Texts) => void; faultAt: (path: string) => string | undefined; disabled: boolean };

export function Told({ value, onChange, faultAt, disabled }: Props) {
  const t = useTexts(texts);
  const spoken = useLanguage();
  const [language, setLanguage] = useState(() => Object.keys(value)[0] ?? spoken);
  const faulty = Object.keys(value).find((tag) => NAMES.some((name) => faultAt(textPath(tag, name))));
  // A mistake in another language is shown, so that it can be put right.
  useEffect(() => {
    if (faulty) setLanguage(faulty);
  }, [faulty]);
  const own = value[language] ?? {};
  const put = (name: string, text: string) => {
    const { [name]: _, ...others } = own;
    const said = text === "" ? others : { ...others, [name]: text };
    const { [language]: __, ...rest } = value;
    onChange(Object.keys(said).length ? { ...value, [language]: said } : rest);
  };
  // Those with words of the owner's come first, and say how many.
  const mine = Object.entries(value).map(([tag, said]) => ({ value: tag, label: t.ownTexts(languageName(tag, spoken), Object.keys(said).length) }));
  const others = byName([language, ...OFFERED].filter((tag) => !value[tag]), spoken);
  return (
    <Card title={t.told} lead={t.toldLead}>
      <Group align="flex-end" gap="xs">
        <NativeSelect label={t.toldLanguage} value={language} onChange={(event) => setLanguage(event.currentTarget.value)} data={[...mine, ...others]} />
        {!disabled && value[language] && <Button variant="default" onClick={() => onChange(Object.fromEntries(Object.entries(value).filter(([tag]) => tag !== language)))}>{t.ourWords}</Button>}
      </Group>
      {NAMES.map((name) => (
        <Textarea
          key={name}
          label={t.tellings[name]}
          description={name === "nobody_there_until" ? t.whenHelp : undefined}
          placeholder={t.inOurWords}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={1000}
          lang={language}
          dir="auto"
          disabled={disabled}
          value={own[name] ?? ""}
          error={faultAt(textPath(language, name))}
          onChange={(event) => put(name, event.currentTarget.value)}
        />
      ))}
    </Card>
  );
}
