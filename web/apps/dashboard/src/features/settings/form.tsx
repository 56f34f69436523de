/** The frame of a page of settings: cards with fields, and a bar at the foot while something is not saved. */
import { Alert, Button, Group, Modal, Paper, Stack, Text, Title } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useCommands } from "../../app/commands.ts";
import { Icon } from "../../parts/icons.tsx";
import { useTexts } from "../../texts/index.ts";
import type { Draft } from "./draft.ts";
import classes from "./form.module.css";
import { formTexts } from "./formtexts.ts";

type AnyDraft = Pick<Draft<object>, "isDirty" | "isSaving" | "isConflict" | "canWrite" | "faults" | "save" | "discard" | "overwrite">;

/** The form of a page, around its cards. ⌘S saves it; leaving it unsaved asks. */
export function SettingsForm({ form, children }: { form: AnyDraft; children: ReactNode }) {
  const t = useTexts(formTexts);
  const element = useRef<HTMLFormElement>(null);
  useCommands(form.isDirty ? [{ id: "save", label: t.save, group: t.here, run: () => void form.save() }] : []);
  useHotkeys([["mod+S", () => form.isDirty && void form.save()]], []);
  useEffect(() => {
    if (Object.keys(form.faults).length) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [form.faults]);
  return (
    <form
      ref={element}
      noValidate
      aria-busy={form.isSaving}
      onSubmit={(event) => {
        event.preventDefault();
        void form.save();
      }}
    >
      {!form.canWrite && <OnlyReading />}
      <Stack gap="md">{children}</Stack>
      <SaveBar form={form} />
      <Leaving isDirty={form.isDirty} />
    </form>
  );
}

/** Why nothing can be changed here, for people whose role lets them look only. */
export function OnlyReading() {
  const t = useTexts(formTexts);
  return <Alert mb="md" variant="light" icon={<Icon name="lock" />}>{t.onlyReading}</Alert>;
}

/** A part of a page, with a title of its own. */
export function Card({ title, lead, actions, children }: { title: string; lead?: ReactNode; actions?: ReactNode; children?: ReactNode }) {
  const id = useId();
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" mb={children ? "md" : 0}>
        <div className={classes.heading}>
          <Title order={2} size="h4" id={id}>{title}</Title>
          {lead && <Text size="sm" c="dimmed" mt={2}>{lead}</Text>}
        </div>
        {actions}
      </Group>
      {children && <Stack gap="md">{children}</Stack>}
    </Paper>
  );
}

function SaveBar({ form }: { form: AnyDraft }) {
  const t = useTexts(formTexts);
  const failures = Object.entries(form.faults).map(([, said]) => said);
  const isShown = form.isDirty || failures.length > 0;
  return (
    <div className={classes.foot} data-shown={isShown || undefined}>
      <div role="status">{isShown && !form.isConflict && !failures.length && <Text size="sm">{t.unsaved}</Text>}</div>
      <div role="alert">
        {form.isConflict && <Text size="sm" fw={500}>{t.conflict}</Text>}
        {failures.length > 0 && <Text size="sm" className={classes.failure}>{failures.join(" ")}</Text>}
      </div>
      {isShown && (
        <Group gap="xs" className={classes.choices}>
          <Button variant="default" onClick={form.discard} disabled={form.isSaving}>{form.isConflict ? t.showTheirs : t.discard}</Button>
          {form.isConflict
            ? <Button onClick={() => void form.overwrite()} loading={form.isSaving}>{t.overwrite}</Button>
            : <Button type="submit" loading={form.isSaving}>{t.save}</Button>}
        </Group>
      )}
    </div>
  );
}

/** Asks before what was typed is lost, by a link or by closing the page. */
export function Leaving({ isDirty }: { isDirty: boolean }) {
  const t = useTexts(formTexts);
  const { status, proceed, reset } = useBlocker({
    // What is chosen on the same page, such as another tab of it, loses nothing.
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  return (
    <Modal opened={status === "blocked"} onClose={() => reset?.()} title={t.leave} centered closeButtonProps={{ "aria-label": t.stay }}>
      <Text mb="md">{t.leaveText}</Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={() => proceed?.()}>{t.leaveYes}</Button>
        <Button data-autofocus onClick={() => reset?.()}>{t.stay}</Button>
      </Group>
    </Modal>
  );
}
