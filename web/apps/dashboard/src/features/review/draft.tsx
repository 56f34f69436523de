/** One draft: its texts to change, and the decision. */
import { Button, Group, Stack } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { api } from "../../api/client.ts";
import { useMay } from "../../api/queries.ts";
import { useCommands } from "../../app/commands.ts";
import { removeLater } from "../../parts/hidden.ts";
import { tellDone } from "../../parts/notify.tsx";
import { explain } from "../../parts/states.tsx";
import { useTexts } from "../../texts/index.ts";
import { FormFailure } from "../knowledge/form.tsx";
import { ItemFields, itemOf, textsOf } from "../knowledge/items/fields.tsx";
import { isStale } from "../knowledge/queries.ts";
import { texts as ofKnowledge } from "../knowledge/texts.ts";
import { Key } from "./decisions.tsx";
import { Finished } from "./finished.tsx";
import { decide, type Draft, readDraft, refresh } from "./queries.ts";
import classes from "./review.module.css";
import { texts } from "./texts.ts";

type Props = { projectId: string; draft: Draft; tag: string; next: () => void };

export function DraftForm({ projectId, draft, tag, next }: Props) {
  const t = useTexts(texts);
  const k = useTexts(ofKnowledge);
  const canWrite = useMay()("knowledge:write");
  const form = useRef<HTMLFormElement>(null);
  // What the person has seen: a decision is about that, and refused if it is something else by now.
  const [seen, setSeen] = useState({ draft, tag });
  const [given, setGiven] = useState(() => textsOf(draft));
  const [failure, setFailure] = useState("");
  const [isBusy, setBusy] = useState(false);
  const isChanged = JSON.stringify(itemOf(given)) !== JSON.stringify(itemOf(textsOf(seen.draft)));
  const path = { project_id: projectId, draft_id: draft.id };

  const doing = async (what: () => Promise<void>) => {
    if (isBusy) return;
    setBusy(true);
    setFailure("");
    try {
      await what();
    } catch (error) {
      setFailure(isStale(error) ? await lookAgain() : explain(error));
    } finally {
      setBusy(false);
    }
  };
  /** Somebody else has changed it: what was typed stays, what was only looked at is shown anew. */
  const lookAgain = async () => {
    const now = await readDraft(projectId, draft.id);
    setSeen(now);
    if (isChanged) return k.changedMeanwhile;
    setGiven(textsOf(now.draft));
    return t.changedMeanwhile;
  };
  const store = async () => {
    const { data: changed, response } = await api.PATCH("/v1/projects/{project_id}/item-drafts/{draft_id}", { params: { path, header: { "If-Match": seen.tag } }, body: itemOf(given) });
    const now = { draft: changed ?? seen.draft, tag: response.headers.get("ETag") ?? "" };
    setSeen(now);
    setGiven(textsOf(now.draft));
    return now.tag;
  };
  const save = () =>
    doing(async () => {
      await store();
      tellDone(t.savedNow);
      await refresh(projectId);
    });
  const approve = () =>
    doing(async () => {
      if (form.current?.reportValidity() === false) return;
      const current = isChanged ? await store() : seen.tag;
      await api.POST("/v1/projects/{project_id}/item-drafts/{draft_id}/approve", { params: { path, header: { "If-Match": current } } });
      tellDone(t.approvedNow);
      next();
      await refresh(projectId);
    });
  const reject = () => {
    removeLater(draft.id, t.rejectedNow, () => decide(projectId, `item-drafts/${draft.id}/reject`, seen.tag));
    next();
  };
  const isOpen = canWrite && seen.draft.status === "pending";
  useCommands(
    isOpen
      ? [
          { id: "approve", label: t.approve, group: t.review, keys: "a", run: () => void approve() },
          { id: "reject", label: t.reject, group: t.review, keys: "x", run: reject },
          { id: "edit-draft", label: k.edit, group: t.review, keys: "e", run: () => form.current?.querySelector("textarea")?.focus() },
        ]
      : [],
  );
  if (!isOpen) return <Finished projectId={projectId} draft={seen.draft} approve={canWrite && seen.draft.status === "rejected" ? () => void approve() : undefined} failure={failure} />;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void (isChanged ? save() : approve());
  };
  return (
    <form ref={form} aria-label={t.editing} className={classes.form} onSubmit={submit}>
      <Stack gap="md">
        <ItemFields projectId={projectId} given={given} change={(part) => setGiven({ ...given, ...part })} />
        <FormFailure>{failure}</FormFailure>
        <Group gap="xs">
          <Button loading={isBusy} rightSection={<Key>a</Key>} onClick={() => void approve()}>{isChanged ? t.saveAndApprove : t.approve}</Button>
          {isChanged && <Button type="submit" variant="default" disabled={isBusy}>{t.save}</Button>}
          <Button variant="default" rightSection={<Key>x</Key>} onClick={reject}>{t.reject}</Button>
        </Group>
      </Stack>
    </form>
  );
}
