/** Saves the list as it is shown under a name, or gives a saved view another name. */
import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { explain } from "../../../parts/states.tsx";
import { texts as partTexts } from "../../../parts/texts.ts";
import { useTexts } from "../../../texts/index.ts";
import * as calls from "../calls.ts";
import { type Filters, type SavedView, savedOf } from "../filters.ts";
import { savedViewsQuery } from "../queries.ts";
import { texts } from "../texts.ts";

/** `one` is the view to change; without it, `filters` are saved as a new one. */
type Props = { one?: SavedView; filters: Filters; close: () => void; done: (view: SavedView) => void };

export default function ViewDialog({ one, filters, close, done }: Props) {
  const t = useTexts(texts);
  const parts = useTexts(partTexts);
  const client = useQueryClient();
  const [name, setName] = useState(one?.name ?? "");
  const [isShared, setShared] = useState(one?.shared ?? false);
  const [failure, setFailure] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    const body = { name, shared: isShared };
    try {
      const saved = one ? await calls.changeView(one.id, body) : await calls.addView({ ...body, filters: savedOf(filters) });
      client.setQueryData(savedViewsQuery.queryKey, (before = []) => [...before.filter(({ id }) => id !== saved.id), saved]);
      void client.invalidateQueries(savedViewsQuery);
      close();
      done(saved);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={one ? t.renameView : t.saveView} closeButtonProps={{ "aria-label": parts.close }}>
      <form onSubmit={(event) => void save(event)}>
        <Stack>
          <TextInput label={t.name} required withAsterisk={false} maxLength={100} autoComplete="off" dir="auto" value={name} onChange={({ target }) => setName(target.value)} data-autofocus />
          <Checkbox label={t.forAll} description={t.forAllNote} checked={isShared} onChange={({ target }) => setShared(target.checked)} />
          {failure !== null && <Text c="red" role="alert">{explain(failure)}</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{parts.cancel}</Button>
            <Button type="submit" loading={isBusy}>{parts.save}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
