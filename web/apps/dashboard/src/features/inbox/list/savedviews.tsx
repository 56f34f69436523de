/** The saved views in the menu of views: choose, save, rename and delete them. */
import { Menu } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useMay } from "../../../api/queries.ts";
import { useCommands } from "../../../app/commands.ts";
import { useLive } from "../../../live/hooks.ts";
import { removeLater } from "../../../parts/removal.ts";
import { useTexts } from "../../../texts/index.ts";
import { useInboxAddress } from "../address.ts";
import type { Filters, SavedView } from "../filters.ts";
import { savedViewsQuery } from "../queries.ts";
import { texts } from "../texts.ts";
import { useMayChange, useSavedViews } from "./saved.ts";

const ViewDialog = lazy(() => import("./viewdialog.tsx"));

type Given = { filters: Filters | undefined; chosen: SavedView | undefined };

/** The menu's items, and the dialog that they open: it stays when the menu closes. */
export function useSavedMenu({ filters, chosen }: Given) {
  const t = useTexts(texts);
  const may = useMay();
  const mayChange = useMayChange();
  const { store } = useLive();
  const { change } = useInboxAddress();
  const { views } = useSavedViews();
  const remove = useRemoval();
  const [dialog, setDialog] = useState<"save" | "rename" | null>(null);
  const choose = ({ id }: SavedView) => change({ saved: id, view: undefined, project: undefined, tag: undefined, q: undefined, conversation: undefined, answer: undefined });
  const canSave = filters !== undefined && store.me !== null && may("conversations:write");
  const own = canSave && chosen && mayChange(chosen) ? chosen : undefined;
  const offered = [
    ...(canSave ? [{ id: "inbox-save-view", label: t.saveView, run: () => setDialog("save") }] : []),
    ...(own ? [{ id: "inbox-rename-view", label: t.renameView, run: () => setDialog("rename") }, { id: "inbox-delete-view", label: t.deleteView, run: () => remove(own) }] : []),
  ];
  useCommands([...views.map((one) => ({ id: `inbox-${one.id}`, label: `${t.views}: ${one.name}`, group: t.title, run: () => choose(one) })), ...offered.map((one) => ({ ...one, group: t.title }))]);
  const items = (
    <>
      {views.length > 0 && <Menu.Divider />}
      {views.length > 0 && <Menu.Label>{t.savedViews}</Menu.Label>}
      {views.map((one) => (
        <Menu.Item key={one.id} onClick={() => choose(one)} aria-current={one.id === chosen?.id ? "page" : undefined} rightSection={one.shared ? t.ofAll : undefined}>
          <span dir="auto">{one.name}</span>
        </Menu.Item>
      ))}
      {offered.length > 0 && <Menu.Divider />}
      {offered.map(({ id, label, run }) => <Menu.Item key={id} onClick={run}>{label}</Menu.Item>)}
    </>
  );
  const opened = dialog && filters && (
    <Suspense>
      <ViewDialog one={dialog === "rename" ? own : undefined} filters={filters} close={() => setDialog(null)} done={choose} />
    </Suspense>
  );
  return { items, dialog: opened };
}

/** Deletes a view with undo; its list is left at once. */
function useRemoval(): (view: SavedView) => void {
  const t = useTexts(texts);
  const client = useQueryClient();
  const { change } = useInboxAddress();
  return ({ id, name }) => {
    change({ saved: undefined });
    removeLater({ id, path: `/v1/saved-views/${id}`, message: t.viewDeleted(name), done: () => void client.invalidateQueries(savedViewsQuery) });
  };
}
