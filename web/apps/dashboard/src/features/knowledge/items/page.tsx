/** Questions with their answers: found, written, imported, exported. */
import { ActionIcon, Button, CloseButton, Menu, NativeSelect, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import type { Schemas } from "../../../api/client.ts";
import { useMay } from "../../../api/queries.ts";
import { useCommands } from "../../../app/commands.ts";
import { ApiCalls } from "../../../parts/apicalls.tsx";
import { removeLater, useHidden } from "../../../parts/hidden.ts";
import { Icon } from "../../../parts/icons.tsx";
import { Moment } from "../../../parts/moment.tsx";
import { tellFailure } from "../../../parts/notify.tsx";
import { Empty } from "../../../parts/states.tsx";
import { number } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import list from "../list.module.css";
import { Mark } from "../mark.tsx";
import { Listing } from "../pages/list.tsx";
import { categoriesQuery, itemsQuery, removeAt } from "../queries.ts";
import { documentState } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { ItemEditor } from "./editor.tsx";
import { exportItems } from "./export.ts";
import { ImportSheet } from "./import.tsx";
import classes from "./items.module.css";
import { texts } from "./texts.ts";

const FROM = "/p/$projectId/knowledge/questions";

export function ItemsPage() {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const { projectId } = useParams({ from: FROM });
  const { q, category, tag, open } = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const canWrite = useMay()("knowledge:write");
  const hidden = useHidden();
  const query = useInfiniteQuery(itemsQuery(projectId, { q, category, tag }));
  const items = query.data?.pages.flatMap((part) => part.items).filter(({ id }) => !hidden.has(id)) ?? [];
  const isFiltered = Boolean(q || category || tag);
  const change = (part: { q?: string; category?: string; tag?: string; open?: string }, replace = true) => void navigate({ search: (before) => ({ ...before, ...part }), replace });
  const add = () => change({ open: "new" }, false);
  return (
    <>
      {query.data && !items.length && !isFiltered ? (
        <Empty icon="review" title={t.none} action={canWrite && <div className={classes.firsts}><Button onClick={add}>{s.addQuestion}</Button><Button variant="default" onClick={() => change({ open: "import" }, false)}>{s.addImport}</Button></div>}>
          {canWrite ? t.noneText : t.nobody}
        </Empty>
      ) : (
        <>
          <Filters projectId={projectId} q={q} category={category} tag={tag} change={change} />
          <Listing query={query} label={t.listed} nothing={items.length ? "" : s.nothingFound}>
            {items.map((item) => (
              <Row
                key={item.id}
                item={item}
                canWrite={canWrite}
                isOpen={item.id === open}
                open={() => change({ open: item.id }, false)}
                pick={(name) => change({ tag: name })}
                remove={() => removeLater(item.id, t.deleted, () => removeAt(projectId, `items/${item.id}`))}
              />
            ))}
          </Listing>
        </>
      )}
      {canWrite && <ItemEditor projectId={projectId} id={open} close={() => change({ open: undefined })} />}
      {canWrite && <ImportSheet projectId={projectId} isOpen={open === "import"} close={() => change({ open: undefined })} />}
      <ApiCalls
        calls={[
          { method: "GET", path: `/v1/projects/${projectId}/items` },
          { method: "POST", path: `/v1/projects/${projectId}/items`, body: { question: "Where are you?", answer: "In the harbour." } },
          { method: "GET", path: `/v1/projects/${projectId}/items/export?format=csv` },
        ]}
      />
    </>
  );
}

type Change = (part: { q?: string; category?: string; tag?: string; open?: string }, replace?: boolean) => void;

function Filters({ projectId, q, category, tag, change }: { projectId: string; q?: string; category?: string; tag?: string; change: Change }) {
  const t = useTexts(texts);
  const search = useRef<HTMLInputElement>(null);
  const { data: categories = [] } = useQuery(categoriesQuery(projectId));
  const save = (format: "csv" | "json") => void exportItems(projectId, format).catch(tellFailure);
  useCommands([
    { id: "search-items", label: t.search, group: t.listed, keys: "/", run: () => search.current?.focus() },
    { id: "export-csv", label: `${t.export}: ${t.asCsv}`, group: t.listed, run: () => save("csv") },
    { id: "export-json", label: `${t.export}: ${t.asJson}`, group: t.listed, run: () => save("json") },
  ]);
  return (
    <div className={list.filters}>
      <TextInput ref={search} className={list.search} type="search" aria-label={t.search} placeholder={t.search} leftSection={<Icon name="search" size={16} />} dir="auto" maxLength={200} value={q ?? ""} onChange={(event) => change({ q: event.currentTarget.value || undefined })} />
      <NativeSelect aria-label={t.category} value={category ?? ""} onChange={(event) => change({ category: event.currentTarget.value || undefined })} data={[{ value: "", label: t.allCategories }, ...categories.map(({ category: name, count }) => ({ value: name, label: `${name} (${number(count)})` }))]} />
      {tag && <span className={classes.tag}>{t.tag}: <strong dir="auto">{tag}</strong><CloseButton size="sm" aria-label={t.takeTag(tag)} onClick={() => change({ tag: undefined })} /></span>}
      <Menu position="bottom-end">
        <Menu.Target><Button className={classes.end} variant="default" leftSection={<Icon name="download" size={16} />}>{t.export}</Button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => save("csv")}>{t.asCsv}</Menu.Item>
          <Menu.Item onClick={() => save("json")}>{t.asJson}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

type RowProps = { item: Schemas["ItemOut"]; canWrite: boolean; isOpen: boolean; open: () => void; pick: (tag: string) => void; remove: () => void };

function Row({ item, canWrite, isOpen, open, pick, remove }: RowProps) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  return (
    <li className={list.row} data-open={isOpen || undefined}>
      <div className={list.body}>
        <div className={list.head}>
          {canWrite ? <button type="button" className={list.name} dir="auto" onClick={open}>{item.question}</button> : <span className={list.name} dir="auto">{item.question}</span>}
          {item.status !== "ready" && <Mark state={documentState(item.status, s)} />}
        </div>
        <p className={classes.answer} dir="auto">{item.answer}</p>
        {item.error && <p className={list.reason}>{item.error}</p>}
        <p className={list.note}>
          {item.category && <><span dir="auto">{item.category}</span> · </>}
          {item.tags.map((tag) => <button key={tag} type="button" onClick={() => pick(tag)} className={classes.pill} dir="auto">{tag}</button>)}
          {t.changed} <Moment at={item.updated_at} />
        </p>
      </div>
      {canWrite && <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${t.delete}: ${item.question}`} onClick={remove}><Icon name="trash" size={16} /></ActionIcon>}
    </li>
  );
}
