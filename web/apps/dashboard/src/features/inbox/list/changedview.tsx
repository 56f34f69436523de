/** A saved view that shows something else than it says: keep that, or go back. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../../api/queries.ts";
import { useCommands } from "../../../app/commands.ts";
import { tellFailure } from "../../../parts/notify.tsx";
import { useTexts } from "../../../texts/index.ts";
import { useInboxAddress } from "../address.ts";
import * as calls from "../calls.ts";
import { type Filters, type SavedFilters, type SavedView, savedOf } from "../filters.ts";
import { tellUndoable } from "../news.tsx";
import { savedViewsQuery } from "../queries.ts";
import { texts } from "../texts.ts";
import classes from "./list.module.css";
import { useMayChange } from "./saved.ts";

export function ChangedView({ view, filters }: { view: SavedView; filters: Filters }) {
  const t = useTexts(texts);
  const may = useMay();
  const mayChange = useMayChange();
  const { change } = useInboxAddress();
  const keep = useKeeping();
  const [isBusy, setBusy] = useState(false);
  const reset = () => change({ project: undefined, tag: undefined, q: undefined });
  const save = () => {
    setBusy(true);
    keep(view.id, savedOf(filters))
      .then(() => {
        change({ project: undefined, tag: undefined, q: undefined }, true);
        tellUndoable(t.viewChanged(view.name), t.undo, () => keep(view.id, view.filters));
      }, tellFailure)
      .finally(() => setBusy(false));
  };
  const canSave = may("conversations:write") && mayChange(view);
  useCommands([
    ...(canSave && !isBusy ? [{ id: "inbox-keep-view", label: `${t.viewDiffers}: ${t.saveChanges}`, group: t.title, run: save }] : []),
    { id: "inbox-reset-view", label: `${t.viewDiffers}: ${t.resetView}`, group: t.title, run: reset },
  ]);
  return (
    <div className={classes.changed} role="group" aria-label={t.viewDiffers}>
      <span>{t.viewDiffers}</span>
      {canSave && <button type="button" onClick={save} disabled={isBusy}>{t.saveChanges}</button>}
      <button type="button" onClick={reset} disabled={isBusy}>{t.resetView}</button>
    </div>
  );
}

/** Gives a view other filters, here and on the server. */
function useKeeping(): (id: string, filters: SavedFilters) => Promise<void> {
  const client = useQueryClient();
  return async (id, filters) => {
    const saved = await calls.changeView(id, { filters });
    client.setQueryData(savedViewsQuery.queryKey, (before = []) => before.map((one) => (one.id === id ? saved : one)));
  };
}
