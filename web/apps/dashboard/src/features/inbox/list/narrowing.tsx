/** Narrows the list down: by words, by project, by tag. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { projectsQuery } from "../../../api/queries.ts";
import { useCommands } from "../../../app/commands.ts";
import { useTexts } from "../../../texts/index.ts";
import { useInboxAddress } from "../address.ts";
import { type Filters, narrowedTo } from "../filters.ts";
import { tagsQuery } from "../queries.ts";
import { texts } from "../texts.ts";
import classes from "./list.module.css";

const SEARCH_MS = 300;

export function Narrowing({ filters }: { filters: Filters }) {
  const t = useTexts(texts);
  const { change } = useInboxAddress();
  const { data: projects = [] } = useQuery(projectsQuery);
  const { data: tags = [] } = useQuery(tagsQuery(filters.project));
  const names = tags.map(({ tag }) => tag);
  const shown = filters.tag && !names.includes(filters.tag) ? [filters.tag, ...names] : names;
  const isKnown = projects.some(({ id }) => id === filters.project);
  const hasProjects = filters.project ? isKnown : projects.length > 1;
  const hasTags = shown.length > 0;
  return (
    <div className={classes.narrowing}>
      <SearchField filters={filters} />
      {(hasProjects || hasTags) && (
        <div className={classes.choices}>
          {hasProjects && (
            <select aria-label={t.project} value={filters.project ?? ""} onChange={({ target }) => change(narrowedTo(filters, { project: target.value, tag: filters.saved?.tag ?? "" }))}>
              <option value="">{t.allProjects}</option>
              {projects.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
            </select>
          )}
          {hasTags && (
            <select aria-label={t.tag} value={filters.tag ?? ""} onChange={({ target }) => change(narrowedTo(filters, { tag: target.value }))}>
              <option value="">{t.allTags}</option>
              {shown.map((one) => <option key={one} value={one}>{one}</option>)}
            </select>
          )}
        </div>
      )}
    </div>
  );
}

/** What is typed counts after a moment; what the address says is shown unless somebody types. */
function SearchField({ filters }: { filters: Filters }) {
  const t = useTexts(texts);
  const { q = "" } = filters;
  const { change } = useInboxAddress();
  const [typed, setTyped] = useState(q);
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(q);
  }, [q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const later = (text: string, delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => change(narrowedTo(filters, { q: text.trim() })), delay);
  };
  useCommands([{ id: "inbox-search", label: t.search, group: t.title, keys: "/", run: () => field.current?.focus() }]);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        later(typed, 0);
      }}
    >
      <input
        ref={field}
        type="search"
        className={classes.search}
        aria-label={t.search}
        placeholder={t.searchHint}
        maxLength={200}
        autoComplete="off"
        dir="auto"
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          later(target.value, SEARCH_MS);
        }}
        onKeyDown={(event) => event.key === "Escape" && field.current?.blur()}
      />
    </form>
  );
}
