/** A text that the server tells only once. */
import { Button, Group } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTexts } from "../../../../texts/index.ts";
import { Code } from "./code.tsx";
import { texts } from "./texts.ts";
import classes from "./websites.module.css";

export function ShownOnce({ title, text, done }: { title: string; text: string; done: () => void }) {
  const t = useTexts(texts);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [text]);
  return (
    <div ref={box} className={classes.shown} role="group" aria-label={title} tabIndex={-1}>
      <p className={classes.name}>{title}</p>
      <Code text={text} label={title} />
      <Group justify="flex-end"><Button variant="default" onClick={done}>{t.haveIt}</Button></Group>
    </div>
  );
}
