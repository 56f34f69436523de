/** A form in a dialog. It stays open, with all that was typed, until the server has agreed. */
import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { explain } from "./states.tsx";
import { useTexts } from "../texts/index.ts";
import { texts } from "./texts.ts";

type Props = {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What the button says. */
  submit: string;
  /** Throws what kept it from being done; afterwards the dialog closes. */
  onSubmit: () => Promise<void>;
  isRisky?: boolean;
  size?: string;
  children: ReactNode;
};

export function FormDialog({ opened, onClose, title, submit, onSubmit, isRisky, size, children }: Props) {
  const t = useTexts(texts);
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    if (opened) setProblem("");
  }, [opened]);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    // Forms of dialogs are in the page's tree, and so an event of one would reach the form around it.
    event.stopPropagation();
    setBusy(true);
    setProblem("");
    try {
      await onSubmit();
      onClose();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={size} closeButtonProps={{ "aria-label": t.close }}>
      <form onSubmit={(event) => void send(event)}>
        <Stack gap="md">
          {children}
          {problem && <Alert color="red" role="alert">{problem}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t.cancel}</Button>
            <Button type="submit" loading={isBusy} color={isRisky ? "red" : undefined}>{submit}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
