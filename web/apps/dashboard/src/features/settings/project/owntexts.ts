/** What the owner says in place of our texts, by language and name. */
export type Texts = Record<string, Record<string, string>>;

/** A merge patch keeps what it leaves out, so name what goes. */
export function textsPatch(texts: Texts, saved: Texts): Record<string, Record<string, string | null> | null> {
  const languages = [...new Set([...Object.keys(saved), ...Object.keys(texts)])];
  return Object.fromEntries(
    languages.map((language) => {
      const said = texts[language] ?? {};
      const gone = Object.keys(saved[language] ?? {}).filter((key) => !(key in said));
      return [language, Object.keys(said).length ? { ...said, ...Object.fromEntries(gone.map((key) => [key, null])) } : null];
    }),
  );
}
