/** A place to drop files; each is sent at once, and tells what became of it. */
import { Button, FileButton } from "@mantine/core";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { Icon } from "../../parts/icons.tsx";
import { explain } from "../../parts/states.tsx";
import { bytes } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import { addFile } from "./queries.ts";
import { texts } from "./texts.ts";
import classes from "./welcome.module.css";

type Upload = { key: number; file: File; state: "uploading" | "added" | "failed"; said?: string };

let last = 0;

/** `ensure` returns the project that they are for, and creates it if need be. */
export function FileDrop({ ensure, added }: { ensure: () => Promise<string>; added: () => void }) {
  const t = useTexts(texts);
  const [uploads, setUploads] = useState<Upload[]>([]);
  const [isOver, setIsOver] = useState(false);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const change = (key: number, part: Partial<Upload>) => setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));

  const send = async ({ key, file }: Upload) => {
    try {
      await addFile(await ensure(), file);
      change(key, { state: "added" });
      added();
    } catch (error) {
      change(key, { state: "failed", said: explain(error) });
    }
  };
  const add = (files: readonly File[]) => {
    const made = files.map((file): Upload => ({ key: (last += 1), file, state: "uploading" }));
    setUploads((all) => [...made, ...all]);
    // One after the other, so that a slow line is not shared by all of them.
    for (const one of made) queue.current = queue.current.then(() => send(one));
  };
  const again = (one: Upload) => {
    change(one.key, { state: "uploading", said: undefined });
    queue.current = queue.current.then(() => send(one));
  };
  useEffect(() => {
    // A file that misses the place must not replace the page.
    const keep = (event: Event) => event.preventDefault();
    addEventListener("dragover", keep);
    addEventListener("drop", keep);
    return () => {
      removeEventListener("dragover", keep);
      removeEventListener("drop", keep);
    };
  }, []);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    add([...event.dataTransfer.files]);
  };
  return (
    <section aria-label={t.files}>
      <div className={classes.drop} data-over={isOver || undefined} onDragOver={() => setIsOver(true)} onDragLeave={() => setIsOver(false)} onDrop={drop}>
        <Icon name="upload" size={26} />
        <p>{t.drop}</p>
        <p className={classes.note}>{t.dropNote}</p>
        <FileButton multiple onChange={add} inputProps={{ "aria-label": t.choose }}>{(props) => <Button variant="default" {...props}>{t.choose}</Button>}</FileButton>
      </div>
      <ul className={classes.uploads} aria-live="polite">
        {uploads.map((one) => (
          <li key={one.key} data-state={one.state}>
            <Icon name={one.state === "failed" ? "warning" : one.state === "added" ? "check" : "upload"} size={16} />
            <span className={classes.file}><span dir="auto">{one.file.name}</span> <span className={classes.note}>{bytes(one.file.size)}</span></span>
            <span>{one.state === "failed" ? one.said : t[one.state]}</span>
            {one.state === "failed" && <Button size="compact-sm" variant="subtle" onClick={() => again(one)}>{t.again}</Button>}
          </li>
        ))}
      </ul>
    </section>
  );
}
