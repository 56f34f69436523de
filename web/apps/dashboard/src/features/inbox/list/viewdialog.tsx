/** Saves the list as it is shown under a name, or gives a saved view another name. */
import { Checkbox, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "../../../parts/formdialog.tsx";
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
  const save = async () => {
    const body = { name, shared: isShared };
    const saved = one ? await calls.changeView(one.id, body) : await calls.addView({ ...body, filters: savedOf(filters) });
    client.setQueryData(savedViewsQuery.queryKey, (before = []) => [...before.filter(({ id }) => id !== saved.id), saved]);
    void client.invalidateQueries(savedViewsQuery);
    done(saved);
  };
  return (
    <FormDialog opened onClose={close} title={one ? t.renameView : t.saveView} submit={parts.save} onSubmit={save}>
      <TextInput label={t.name} required withAsterisk={false} maxLength={100} autoComplete="off" dir="auto" value={name} onChange={({ target }) => setName(target.value)} data-autofocus />
      <Checkbox label={t.forAll} description={t.forAllNote} checked={isShared} onChange={({ target }) => setShared(target.checked)} />
    </FormDialog>
  );
}
