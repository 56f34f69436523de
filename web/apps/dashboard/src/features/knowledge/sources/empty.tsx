/** Nothing is known yet: the address of the website, or files, right here. */
import { Button, TextInput, Title } from "@mantine/core";
import { useKept } from "../../../parts/kept.ts";
import { useTexts } from "../../../texts/index.ts";
import { Drop } from "../files/drop.tsx";
import { Uploads } from "../files/uploads.tsx";
import { FormFailure, useSending } from "../form.tsx";
import { useAddWebsite } from "./add.tsx";
import classes from "./sources.module.css";
import { texts } from "./texts.ts";

export function EmptyKnowledge({ projectId }: { projectId: string }) {
  const t = useTexts(texts);
  const { given, change, forget } = useKept(`${projectId}:first`, { url: "" });
  const add = useAddWebsite(projectId);
  const sending = useSending(given, async (once) => {
    await add("site", given, once);
    forget();
  });
  return (
    <div className={classes.empty}>
      <Title order={2} size="h3">{t.emptyTitle}</Title>
      <p>{t.emptyText}</p>
      <form aria-label={t.emptyTitle} onSubmit={(event) => void sending.submit(event)} className={classes.first}>
        <TextInput className={classes.firstField} size="md" required aria-label={t.emptyAddress} placeholder="https://example.com" value={given.url} onChange={(event) => change({ url: event.currentTarget.value })} maxLength={2000} inputMode="url" autoCapitalize="none" spellCheck={false} />
        <Button type="submit" size="md" loading={sending.isSending}>{t.emptyAdd}</Button>
      </form>
      <FormFailure>{sending.failure}</FormFailure>
      <p className={classes.or}>{t.or}</p>
      <Drop projectId={projectId} />
      <Uploads projectId={projectId} />
    </div>
  );
}
