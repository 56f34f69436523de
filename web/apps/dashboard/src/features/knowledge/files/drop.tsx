/** An area to drop files on, which is a button as well. */
import { type DragEvent, useId, useRef, useState } from "react";
import { Icon } from "../../../parts/icons.tsx";
import { useTexts } from "../../../texts/index.ts";
import classes from "./files.module.css";
import { texts } from "./texts.ts";
import { addFiles, EXTENSIONS, MOST_BYTES } from "./uploading.ts";

export function Drop({ projectId }: { projectId: string }) {
  const t = useTexts(texts);
  const note = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    addFiles(projectId, [...event.dataTransfer.files]);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <div className={classes.drop} data-over={isOver || undefined} onDragOver={over} onDragLeave={() => setOver(false)} onDrop={take}>
      <button type="button" className={classes.choose} aria-describedby={note} onClick={() => input.current?.click()}>
        <Icon name="upload" size={20} />
        {t.drop}
      </button>
      <input
        ref={input}
        className={classes.input}
        type="file"
        multiple
        accept={EXTENSIONS}
        tabIndex={-1}
        aria-label={t.choose}
        onChange={(event) => {
          addFiles(projectId, [...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <p id={note} className={classes.note}>{t.dropNote(t.kinds, MOST_BYTES)}</p>
    </div>
  );
}
