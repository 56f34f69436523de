/** What can be done with a conversation, as functions that say what they did. */
import { useLive } from "../../../live/hooks.ts";
import type { Entry, Person } from "../../../live/shapes.ts";
import { tellDone, tellFailure } from "../../../parts/notify.tsx";
import { dateTime } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import * as calls from "../calls.ts";
import { tellUndoable } from "../news.tsx";
import { texts } from "../texts.ts";

const MORNING = 9;

export function useActions({ id, state }: Entry) {
  const t = useTexts(texts);
  const { store } = useLive();
  const run = (action: () => Promise<unknown>, done: () => void) => void action().then(done, tellFailure);
  const said = (message: string) => () => tellDone(message);
  return {
    take: () => run(() => calls.claim(id, state === "human"), said(t.done.taken)),
    give: (person: Person) =>
      run(() => calls.assign(id, person.member_id), said(person.user_id === store.me?.id ? t.done.taken : t.done.given(person.name || person.email))),
    giveBack: () => run(() => calls.assign(id, null), said(t.done.nobody)),
    handBack: () => run(() => calls.handBack(id), said(t.done.handedBack)),
    close: () => run(() => calls.close(id), () => tellUndoable(t.done.closed, t.reopen, () => calls.reopen(id))),
    reopen: () => run(() => calls.reopen(id), said(t.done.reopened)),
    snooze: (until: Date) =>
      run(() => calls.snooze(id, until), () => tellUndoable(t.done.snoozed(dateTime(until)), t.undo, () => calls.wake(id))),
    markUnread: (message: string) => run(() => calls.read(id, message, true), said(t.done.unread)),
    wake: () => run(() => calls.wake(id), said(t.done.woken)),
  };
}

/** The moments that are offered, in the person's own time. */
export function snoozeTimes(now = new Date()): { name: "inAnHour" | "tomorrow" | "monday"; until: Date }[] {
  const inDays = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
  return [
    { name: "inAnHour", until: new Date(now.getTime() + 3_600_000) },
    { name: "tomorrow", until: inDays(1) },
    { name: "monday", until: inDays((8 - now.getDay()) % 7 || 7) },
  ];
}

/** For a field of the type datetime-local. */
export const local = (moment: Date) => new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
