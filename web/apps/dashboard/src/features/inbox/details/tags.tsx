/** The tags of a conversation. */
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useMay } from "../../../api/queries.ts";
import { useCommands } from "../../../app/commands.ts";
import type { Entry } from "../../../live/shapes.ts";
import { Icon } from "../../../parts/icons.tsx";
import { explain } from "../../../parts/states.tsx";
import { useTexts } from "../../../texts/index.ts";
import * as calls from "../calls.ts";
import { tagsQuery } from "../queries.ts";
import { texts } from "../texts.ts";
import { Part } from "./details.tsx";
import classes from "./details.module.css";

const MOST = 20;

export function Tags({ entry: { id, tags } }: { entry: Entry }) {
  const t = useTexts(texts);
  const may = useMay();
  const client = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const { data: known = [] } = useQuery(tagsQuery(undefined));
  const canWrite = may("conversations:write");
  useCommands(canWrite ? [{ id: "inbox-tag", label: t.toTags, group: t.conversation, keys: "l", run: () => field.current?.focus() }] : []);
  const change = async (next: string[]) => {
    setProblem("");
    try {
      await calls.tag(id, next);
      setTyped("");
      await client.invalidateQueries({ queryKey: ["tags"] });
    } catch (error) {
      setProblem(explain(error));
    }
  };
  const add = (event: FormEvent) => {
    event.preventDefault();
    const added = typed.split(",").map((one) => one.trim()).filter(Boolean);
    const all = [...tags, ...added];
    if (all.length > MOST) return setProblem(t.mostTags(MOST));
    if (added.length) void change(all);
  };
  return (
    <Part title={t.tags}>
      {tags.length === 0 && <p className={classes.quiet}>{t.noTags}</p>}
      <ul className={classes.tags}>
        {tags.map((one) => (
          <li key={one}>
            <span dir="auto">{one}</span>
            {canWrite && <button type="button" aria-label={t.removeTag(one)} onClick={() => { field.current?.focus(); void change(tags.filter((other) => other !== one)); }}><Icon name="close" size={12} /></button>}
          </li>
        ))}
      </ul>
      {canWrite && (
        <form className={classes.adding} onSubmit={add} aria-label={t.toTags}>
          <input ref={field} aria-label={t.newTag} placeholder={t.newTag} list="known-tags" maxLength={200} autoComplete="off" dir="auto" value={typed} onChange={({ target }) => setTyped(target.value)} />
          <datalist id="known-tags">{known.map(({ tag }) => <option key={tag} value={tag} />)}</datalist>
          <Button type="submit" size="compact-sm" variant="default">{t.add}</Button>
        </form>
      )}
      {problem && <p className={classes.bad} role="alert">{problem}</p>}
    </Part>
  );
}
