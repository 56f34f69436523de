/** What the forms of the knowledge share: the side sheet that they open in, and how they are sent. */
import { Problem } from "@answerdesk/api";
import { Button, Drawer, Group, Stack } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useOnce } from "../../parts/kept.ts";
import { explain } from "../../parts/states.tsx";
import { texts as shared } from "../../parts/texts.ts";
import { useTexts } from "../../texts/index.ts";
import classes from "./form.module.css";

/**
 * Sends a form once, however often it is pressed, and keeps why that failed. `send` gets an
 * idempotency key for the content.
 */
export function useSending(content: object, send: (once: string) => Promise<void>) {
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState("");
  const once = useOnce();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isSending) return;
    setSending(true);
    setFailure("");
    try {
      await send(once.keyFor(content));
      once.answered();
    } catch (error) {
      // Without an answer it may have been done, so the next try repeats its key.
      if (error instanceof Problem && error.status) once.answered();
      setFailure(explain(error));
    } finally {
      setSending(false);
    }
  };
  return { isSending, failure, submit, clear: () => setFailure("") };
}

export function FormFailure({ children }: { children: string }) {
  return <div role="alert">{children && <p className={classes.failure}>{children}</p>}</div>;
}

/** A sheet at the side of the window, which the address opens and closes. */
export function Sheet({ title, isOpen, close, wide, children }: { title: ReactNode; isOpen: boolean; close: () => void; wide?: boolean; children: ReactNode }) {
  const t = useTexts(shared);
  return (
    // The drawer's header would be one more banner of the page.
    <Drawer attributes={{ header: { role: "none" } }} opened={isOpen} onClose={close} title={title} position="right" size={wide ? "xl" : "lg"} closeButtonProps={{ "aria-label": t.close }} classNames={{ title: classes.title }}>
      {children}
    </Drawer>
  );
}

type FormProps = { label: string; yes: string; sending: ReturnType<typeof useSending>; close?: () => void; children: ReactNode };

/** Fields, why sending failed, and the buttons. */
export function Form({ label, yes, sending, close, children }: FormProps) {
  const t = useTexts(shared);
  return (
    <form aria-label={label} onSubmit={(event) => void sending.submit(event)}>
      <Stack gap="md">
        {children}
        <FormFailure>{sending.failure}</FormFailure>
        <Group justify="flex-end" gap="xs">
          {close && <Button variant="default" onClick={close}>{t.cancel}</Button>}
          <Button type="submit" loading={sending.isSending}>{yes}</Button>
        </Group>
      </Stack>
    </form>
  );
}
