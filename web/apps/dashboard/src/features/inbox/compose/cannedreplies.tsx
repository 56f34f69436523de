/** All canned replies: search, insert, make, change, delete. */
import { Badge, Button, Checkbox, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLive } from "../../../live/hooks.ts";
import type { Entry } from "../../../live/shapes.ts";
import { tellFailure } from "../../../parts/notify.tsx";
import { removeLater, useGone } from "../../../parts/removal.ts";
import { explain, Failure, Loading } from "../../../parts/states.tsx";
import { texts as partTexts } from "../../../parts/texts.ts";
import { useTexts } from "../../../texts/index.ts";
import * as calls from "../calls.ts";
import type { CannedReply } from "../calls.ts";
import { cannedQuery } from "../queries.ts";
import { texts } from "../texts.ts";
import classes from "./compose.module.css";

const SHORT = 120;

type Props = { entry: Entry; text: string; insert: (content: string) => void; close: () => void };

export default function CannedReplies({ entry, text, insert, close }: Props) {
  const t = useTexts(texts);
  const [editing, setEditing] = useState<CannedReply | "new" | null>(null);
  const choose = (one: CannedReply) =>
    void calls.rendered(one.id, entry.id).then(({ content }) => {
      close();
      insert(content);
    }, tellFailure);
  return (
    <Modal opened onClose={close} title={t.canned} size="lg" closeButtonProps={{ "aria-label": t.closeNews }}>
      {editing ? (
        <Editor one={editing === "new" ? null : editing} begun={text.startsWith("/") ? "" : text} done={() => setEditing(null)} />
      ) : (
        <All project={entry.project_id} choose={choose} edit={setEditing} />
      )}
    </Modal>
  );
}

type AllProps = { project: string; choose: (one: CannedReply) => void; edit: (one: CannedReply | "new") => void };

function All({ project, choose, edit }: AllProps) {
  const t = useTexts(texts);
  const [q, setQ] = useState("");
  const client = useQueryClient();
  const gone = useGone();
  const { data: found, error, refetch } = useQuery({ ...cannedQuery(project, q.trim()), placeholderData: (before) => before });
  const shown = found?.filter(({ id }) => !gone.has(id));
  const remove = ({ id, shortcut }: CannedReply) =>
    removeLater({ id, path: `/v1/canned-replies/${id}`, message: t.cannedRemoved(shortcut), done: () => void client.invalidateQueries({ queryKey: ["canned-replies"] }) });
  return (
    <Stack>
      <TextInput type="search" aria-label={t.cannedSearch} placeholder={t.cannedSearch} maxLength={100} value={q} onChange={({ target }) => setQ(target.value)} data-autofocus />
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!found && !error && <Loading rows={3} />}
      <ul className={classes.all}>
        {shown?.map((one) => (
          <li key={one.id}>
            <p><code>/{one.shortcut}</code> <span dir="auto">{one.title}</span> {one.personal && <Badge size="sm" variant="light">{t.onlyYours}</Badge>}</p>
            <p className={classes.quiet} dir="auto">{one.content.slice(0, SHORT)}</p>
            <Group gap="xs">
              <Button size="compact-sm" variant="default" onClick={() => choose(one)}>{t.insert}</Button>
              <Button size="compact-sm" variant="subtle" onClick={() => edit(one)}>{t.change}</Button>
              <Button size="compact-sm" variant="subtle" color="red" onClick={() => remove(one)}>{t.remove}</Button>
            </Group>
          </li>
        ))}
      </ul>
      {shown?.length === 0 && <Text c="dimmed">{q ? t.cannedNoMatch : t.cannedNone}</Text>}
      <Group justify="flex-end"><Button onClick={() => edit("new")}>{t.cannedNew}</Button></Group>
    </Stack>
  );
}

function Editor({ one, begun, done }: { one: CannedReply | null; begun: string; done: () => void }) {
  const t = useTexts(texts);
  const parts = useTexts(partTexts);
  const { store } = useLive();
  const client = useQueryClient();
  const [shortcut, setShortcut] = useState(one?.shortcut ?? "");
  const [title, setTitle] = useState(one?.title ?? "");
  const [content, setContent] = useState(one?.content ?? begun);
  const [isPersonal, setPersonal] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    const body = { shortcut: shortcut.replace(/^\//, ""), title, content };
    try {
      if (one) await calls.changeCanned(one.id, body);
      else await calls.addCanned({ ...body, personal: isPersonal });
      await client.invalidateQueries({ queryKey: ["canned-replies"] });
      done();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void save(event)} aria-label={t.cannedOne}>
      <Stack>
        <TextInput label={t.shortcut} required withAsterisk={false} maxLength={50} pattern="\S+" autoCapitalize="none" autoComplete="off" value={shortcut} onChange={({ target }) => setShortcut(target.value)} data-autofocus />
        <TextInput label={t.cannedTitle} required withAsterisk={false} maxLength={200} autoComplete="off" dir="auto" value={title} onChange={({ target }) => setTitle(target.value)} />
        <Textarea label={t.cannedText} description={t.cannedNote} required withAsterisk={false} rows={6} maxLength={8000} dir="auto" value={content} onChange={({ target }) => setContent(target.value)} />
        {!one && store.me && <Checkbox label={t.onlyMe} checked={isPersonal} onChange={({ target }) => setPersonal(target.checked)} />}
        {failure !== null && <Text c="red" role="alert">{explain(failure)}</Text>}
        <Group justify="flex-end">
          <Button variant="default" onClick={done}>{parts.cancel}</Button>
          <Button type="submit" loading={isBusy}>{parts.save}</Button>
        </Group>
      </Stack>
    </form>
  );
}
