/** Who the conversation is with, who has it, and what can be done about it. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { RefObject } from "react";
import { projectsQuery, useMay } from "../../../api/queries.ts";
import { useCommands } from "../../../app/commands.ts";
import { useStore } from "../../../live/hooks.ts";
import type { Entry } from "../../../live/shapes.ts";
import { Icon } from "../../../parts/icons.tsx";
import { Outside } from "../../../parts/outside.tsx";
import { ago, dateTime } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import { useInboxAddress } from "../address.ts";
import { isSnoozed } from "../filters.ts";
import { joined, useNames, waited } from "../names.ts";
import { texts } from "../texts.ts";
import type { Thread } from "../thread.ts";
import { useActions } from "./actions.ts";
import classes from "./conversation.module.css";
import { AssignMenu, SnoozeMenu } from "./menus.tsx";
import { useDetails } from "../details/shown.ts";

type Props = { entry: Entry; title: RefObject<HTMLHeadingElement | null>; thread: Thread };

export function Head({ entry, title, thread }: Props) {
  const t = useTexts(texts);
  const may = useMay();
  const names = useNames();
  const { change, href } = useInboxAddress();
  const details = useDetails();
  const back = { conversation: undefined, answer: undefined };
  useCommands([{ id: "inbox-details", label: t.details, group: t.title, keys: "i", run: details.toggle }]);
  return (
    <header className={classes.head}>
      <a
        className={classes.back}
        href={href(back)}
        onClick={(event) => {
          event.preventDefault();
          change(back);
        }}
      >
        <Icon name="left" size={16} />
        {t.back}
      </a>
      <div className={classes.titleRow}>
        <h2 id="conversation-title" ref={title} tabIndex={-1} dir="auto">{names.visitor(entry)}</h2>
        {may("conversations:write") && <Actions entry={entry} thread={thread} />}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={details.toggle} aria-expanded={details.isShown} aria-controls="inbox-details">{t.details}</Button>
      </div>
      <Standing entry={entry} />
      <Looking id={entry.id} />
    </header>
  );
}

function Standing({ entry }: { entry: Entry }) {
  const t = useTexts(texts);
  const names = useNames();
  const { data: projects = [] } = useQuery(projectsQuery);
  const { state, assignee_id: who, waiting_since: since, page_url: page, snoozed_until: until } = entry;
  const project = projects.length > 1 && projects.find(({ id }) => id === entry.project_id)?.name;
  const told = {
    ai: t.withAssistant,
    waiting: since ? t.waitsNow(waited(since)) : t.waitsUnknown,
    closed: `${t.closed}. ${t.closedNow}`,
    human: names.person(who) === t.you ? t.youHave : t.has(names.person(who)),
  };
  return (
    <p className={classes.standing} data-standing>
      <span className={classes.state} data-state={state}>{told[state]}</span>
      {state === "human" && since && <span>{t.andWaits(waited(since))}</span>}
      {isSnoozed(entry) && until && <span className={classes.tag}>{t.snoozedUntil(dateTime(until))}</span>}
      {entry.sla_breached && <span className={classes.tag} data-tone="bad">{t.missed}</span>}
      {entry.sla_due_at && <span className={classes.tag} data-tone="warn">{t.replyDue(ago(entry.sla_due_at))}</span>}
      {project && <span dir="auto">{project}</span>}
      {page && <span className={classes.origin}><Outside href={page} plain>{page.replace(/^https?:\/\//, "").slice(0, 80)}</Outside></span>}
    </p>
  );
}

/** Who else has it open now. */
function Looking({ id }: { id: string }) {
  const t = useTexts(texts);
  const store = useStore("people");
  const others = [...store.people.values()].filter((one) => one.user_id !== store.me?.id && one.conversation_ids.includes(id)).map((one) => one.name || one.email);
  return <p className={classes.looking} role="status">{others.length > 0 && t.looking(joined(others, t.and), others.length)}</p>;
}

function Actions({ entry, thread }: { entry: Entry; thread: Thread }) {
  const t = useTexts(texts);
  const store = useStore("people");
  const actions = useActions(entry);
  const { state, assignee_id: who } = entry;
  const isMine = store.me !== null && who === store.me.id;
  const { change } = useInboxAddress();
  // Who stays would read it at once.
  const markUnread = () => {
    const last = thread.lastOfVisitor;
    if (!last) return;
    change({ conversation: undefined, answer: undefined });
    actions.markUnread(last.id);
  };
  const canTake = !isMine && store.me !== null && state !== "closed";
  const takeLabel = state === "human" ? t.takeOver : t.take;
  const group = t.conversation;
  useCommands([
    ...(canTake ? [{ id: "inbox-take", label: takeLabel, group, keys: "t", run: actions.take }] : []),
    ...(state !== "ai" && state !== "closed" ? [{ id: "inbox-hand-back", label: t.handBack, group, keys: "h", run: actions.handBack }] : []),
    state === "closed"
      ? { id: "inbox-reopen", label: t.reopen, group, keys: "e", run: actions.reopen }
      : { id: "inbox-close", label: t.close, group, keys: "e", run: actions.close },
  ]);
  useCommands(store.me && (state === "waiting" || state === "human") ? [{ id: "inbox-unread", label: t.markUnread, group, keys: "x", run: markUnread }] : []);
  if (state === "closed") return <Button size="compact-sm" onClick={actions.reopen}>{t.reopen}</Button>;
  return (
    <div className={classes.actions}>
      {canTake && <Button size="compact-sm" onClick={actions.take}>{takeLabel}</Button>}
      <AssignMenu entry={entry} />
      <SnoozeMenu entry={entry} />
      {state !== "ai" && <Button size="compact-sm" variant="default" onClick={actions.handBack}>{t.handBack}</Button>}
      <Button size="compact-sm" variant="default" onClick={actions.close}>{t.close}</Button>
      {store.me && state !== "ai" && <Button size="compact-sm" variant="subtle" color="gray" onClick={markUnread}>{t.markUnread}</Button>}
    </div>
  );
}
