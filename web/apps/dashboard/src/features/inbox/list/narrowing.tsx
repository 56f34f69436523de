/** Narrows the list down: by words, by project, by tag. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { projectsQuery } from "../../../api/queries.ts";
import { useCommands } from "../../../app/commands.ts";
import { useTexts } from "../../../texts/index.ts";
import { useInboxAddress } from "../address.ts";
import type { Filters } from "../filters.ts";
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
  // What a saved view names is not chosen here.
  const hasProjects = !filters.saved?.project_id && (projects.length > 1 || filters.project);
  const hasTags = !filters.saved?.tag && shown.length > 0;
  return (
    <div className={classes.narrowing}>
      {!filters.saved?.q && <SearchField q={filters.q ?? ""} />}
      {(hasProjects || hasTags) && (
        <div className={classes.choices}>
          {hasProjects && (
            <select aria-label={t.project} value={filters.project ?? ""} onChange={({ target }) => change({ project: target.value || undefined, tag: undefined })}>
              <option value="">{t.allProjects}</option>
              {projects.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
            </select>
          )}
          {hasTags && (
            <select aria-label={t.tag} value={filters.tag ?? ""} onChange={({ target }) => change({ tag: target.value || undefined })}>
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
function SearchField({ q }: { q: string }) {
  const t = useTexts(texts);
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
    timer.current = setTimeout(() => change({ q: text.trim() || undefined }), delay);
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
