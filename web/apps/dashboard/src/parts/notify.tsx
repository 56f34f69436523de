/** Short news at the edge of the window: done, failed, and "undo". */
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { language } from "../texts/index.ts";
import { explain } from "./states.tsx";
import { texts } from "./texts.ts";

const UNDO_MS = 7000;

export function tellDone(message: string = texts[language()].saved): void {
  notifications.show({ message, color: "teal", autoClose: 3000, closeButtonProps: closing() });
}

/** It stays until it is closed. */
export function tellFailure(error: unknown): void {
  notifications.show({ message: explain(error), color: "red", autoClose: false, role: "alert", closeButtonProps: closing() });
}

type Later = {
  message: string;
  /** Does it in the end; called once, when "undo" can no longer be chosen. It has to work while the page is being left. */
  commit: () => Promise<unknown>;
  /** Shows again what was hidden; called if it is undone or `commit` fails. */
  restore: () => void;
};

const waiting = new Set<() => void>();
addEventListener("pagehide", () => {
  for (const finish of waiting) finish();
});

/**
 * Undo instead of a confirmation: hide the thing first, then call this. It is done after some
 * seconds, or when the page is left, unless the person takes it back.
 */
export function later({ message, commit, restore }: Later): void {
  let isOver = false;
  const over = () => {
    if (isOver) return false;
    isOver = true;
    waiting.delete(finish);
    clearTimeout(timer);
    notifications.hide(id);
    return true;
  };
  const finish = () => {
    if (!over()) return;
    commit().catch((error: unknown) => {
      restore();
      tellFailure(error);
    });
  };
  const takeBack = () => {
    if (over()) restore();
  };
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button size="compact-sm" variant="light" onClick={takeBack}>{texts[language()].undo}</Button>
      </Group>
    ),
    autoClose: false,
    withCloseButton: true,
    closeButtonProps: closing(),
    onClose: finish,
  });
  const timer = setTimeout(finish, UNDO_MS);
  waiting.add(finish);
}

const closing = () => ({ "aria-label": texts[language()].close });
