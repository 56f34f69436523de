/** Choosing languages by their names. */
import { MultiSelect, NativeSelect } from "@mantine/core";
import { useLanguage } from "../../../texts/index.ts";
import { languageName } from "../../../texts/formats.ts";

/** What can be chosen; languages that are set otherwise, such as by the API, are shown as well. */
export const OFFERED =
  "af sq am ar hy az eu be bn bs bg ca zh-Hans zh-Hant hr cs da nl en et fil fi fr gl ka de el gu he hi hu is id ga it ja kn kk km ko ky lo lv lt lb mk ms ml mt mr mn ne nb fa pl pt pt-BR pa ro ru sr si sk sl es sw sv ta te th tr uk ur uz vi cy".split(" ");

/** Languages to choose from, by their names. */
export function byName(tags: string[], spoken: string): { value: string; label: string }[] {
  const named = [...new Set(tags)].map((value) => ({ value, label: languageName(value, spoken) }));
  return named.sort((one, other) => one.label.localeCompare(other.label, spoken));
}

type Props = { label: string; description?: string; value: string[]; onChange: (value: string[]) => void; error?: string | undefined; disabled: boolean; nothing: string };

export function LanguagesField({ label, description, value, onChange, error, disabled, nothing }: Props) {
  const spoken = useLanguage();
  return (
    <MultiSelect
      label={label}
      description={description}
      data={byName([...OFFERED, ...value], spoken)}
      value={value}
      onChange={onChange}
      error={error}
      disabled={disabled}
      searchable
      hidePickedOptions
      nothingFoundMessage={nothing}
      maxDropdownHeight={260}
    />
  );
}

type OneProps = { label: string; description?: string; offered: string[]; value: string; onChange: (value: string) => void; error?: string | undefined; disabled: boolean; none: string };

export function DefaultLanguage({ label, description, offered, value, onChange, error, disabled, none }: OneProps) {
  const spoken = useLanguage();
  return (
    <NativeSelect
      label={label}
      description={description}
      value={value}
      error={error}
      disabled={disabled}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[{ value: "", label: none }, ...offered.map((tag) => ({ value: tag, label: languageName(tag, spoken) }))]}
    />
  );
}
