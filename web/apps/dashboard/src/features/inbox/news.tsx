/** What was done, with a way to undo it; and what is said to people who hear the page. */
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSyncExternalStore } from "react";
import { tellFailure } from "../../parts/notify.tsx";
import { language } from "../../texts/index.ts";
import classes from "./list/list.module.css";
import { texts } from "./texts.ts";

const SHOWN_MS = 10_000;

export function tellUndoable(message: string, label: string, undo: () => Promise<unknown>): void {
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            undo().catch(tellFailure);
          }}
        >
          {label}
        </Button>
      </Group>
    ),
    autoClose: SHOWN_MS,
    closeButtonProps: { "aria-label": texts[language()].closeNews },
  });
}

let announced = "";
const listeners = new Set<() => void>();

export function announce(text: string): void {
  // Screen readers don't repeat an unchanged text, so clear it first.
  say("");
  setTimeout(() => say(text.slice(0, 500)), 100);
}

function say(text: string): void {
  announced = text;
  for (const listener of listeners) listener();
}

export function Announcer() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => announced,
  );
  return <p className={classes.hidden} role="status">{text}</p>;
}
