/** To whom a conversation goes, and until when it sleeps. */
import { Button, Menu } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useCommands } from "../../../app/commands.ts";
import { useStore } from "../../../live/hooks.ts";
import type { Entry, Person } from "../../../live/shapes.ts";
import { Icon } from "../../../parts/icons.tsx";
import { useTexts } from "../../../texts/index.ts";
import { isSnoozed } from "../filters.ts";
import { texts } from "../texts.ts";
import { local, snoozeTimes, useActions } from "./actions.ts";
import classes from "./conversation.module.css";

export function AssignMenu({ entry }: { entry: Entry }) {
  const t = useTexts(texts);
  const store = useStore("people", "all");
  const actions = useActions(entry);
  const [isOpen, setOpen] = useState(false);
  const people = [...store.people.values()].filter((one) => one.user_id !== entry.assignee_id);
  const nameOf = ({ user_id: who, name, email, online }: Person) => {
    const shown = who === store.me?.id ? t.me : name || email;
    return online && who !== store.me?.id ? t.here(shown) : shown;
  };
  useCommands([
    { id: "inbox-assign", label: t.assign, group: t.conversation, keys: "a", run: () => setOpen(true) },
    ...people.map((one) => ({ id: `inbox-assign-${one.user_id}`, label: t.assignTo(one.user_id === store.me?.id ? t.me : one.name || one.email), group: t.conversation, run: () => actions.give(one) })),
  ]);
  return (
    <Menu opened={isOpen} onChange={setOpen} position="bottom-start">
      <Menu.Target>
        <Button size="compact-sm" variant="default" rightSection={<Icon name="down" size={14} />}>{t.assign}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {people.map((one) => <Menu.Item key={one.user_id} onClick={() => actions.give(one)}>{nameOf(one)}</Menu.Item>)}
        {entry.state === "human" && <Menu.Item onClick={actions.giveBack}>{t.nobodyWaits}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

export function SnoozeMenu({ entry }: { entry: Entry }) {
  const t = useTexts(texts);
  const actions = useActions(entry);
  const [isOpen, setOpen] = useState(false);
  const [moment, setMoment] = useState("");
  const isAsleep = isSnoozed(entry);
  useCommands([
    { id: "inbox-snooze", label: isAsleep ? t.endSnooze : t.snooze, group: t.conversation, keys: "z", run: isAsleep ? actions.wake : () => setOpen(true) },
    ...(isAsleep ? [] : snoozeTimes().map(({ name, until }) => ({ id: `inbox-snooze-${name}`, label: `${t.snooze}: ${t[name]}`, group: t.conversation, run: () => actions.snooze(until) }))),
  ]);
  if (isAsleep) return <Button size="compact-sm" variant="default" onClick={actions.wake}>{t.endSnooze}</Button>;
  const choose = (event: FormEvent) => {
    event.preventDefault();
    if (!moment) return;
    setOpen(false);
    actions.snooze(new Date(moment));
  };
  return (
    <Menu opened={isOpen} onChange={setOpen} position="bottom-start">
      <Menu.Target>
        <Button size="compact-sm" variant="default" rightSection={<Icon name="down" size={14} />}>{t.snooze}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {snoozeTimes().map(({ name, until }) => <Menu.Item key={name} onClick={() => actions.snooze(until)}>{t[name]}</Menu.Item>)}
        <Menu.Divider />
        <form className={classes.moment} onSubmit={choose}>
          <label htmlFor="snooze-moment">{t.ownTime}</label>
          <input id="snooze-moment" type="datetime-local" min={local(new Date())} value={moment} onChange={({ target }) => setMoment(target.value)} onKeyDown={(event) => event.key !== "Escape" && event.stopPropagation()} />
          <Button type="submit" size="compact-sm">{t.snooze}</Button>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
