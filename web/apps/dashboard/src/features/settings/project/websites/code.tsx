/** A text to copy into other people's systems: a tag, a secret. */
import { CopyButton } from "../../../../parts/copy.tsx";
import { useTexts } from "../../../../texts/index.ts";
import classes from "./websites.module.css";
import { texts } from "./texts.ts";

export function Code({ text, label }: { text: string; label: string }) {
  const t = useTexts(texts);
  return (
    <div className={classes.code}>
      <pre tabIndex={0} role="region" aria-label={label}><code dir="ltr">{text}</code></pre>
      <CopyButton value={text} label={t.copy(label)} />
    </div>
  );
}
