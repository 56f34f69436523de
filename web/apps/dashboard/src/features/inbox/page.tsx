/** The inbox: list, conversation and details beside each other, on a phone one after the other. */
import { lazy, Suspense, useEffect, useState } from "react";
import { useMay } from "../../api/queries.ts";
import { useCommands } from "../../app/commands.ts";
import { useLine, useLive, useStore } from "../../live/hooks.ts";
import { Icon } from "../../parts/icons.tsx";
import { Empty } from "../../parts/states.tsx";
import { texts as partTexts } from "../../parts/texts.ts";
import { useTexts } from "../../texts/index.ts";
import { useInboxAddress } from "./address.ts";
import { Conversation } from "./conversation/conversation.tsx";
import { usePresence } from "./conversation/presence.ts";
import { Details } from "./details/details.tsx";
import { useDetails } from "./details/shown.ts";
import classes from "./inbox.module.css";
import { ConversationList } from "./list/list.tsx";
import { Announcer, announce } from "./news.tsx";
import { texts } from "./texts.ts";

const NoticePreferences = lazy(() => import("./notices/preferences.tsx"));

export function InboxPage() {
  const t = useTexts(texts);
  const parts = useTexts(partTexts);
  const may = useMay();
  if (!may("conversations:read")) return <><h1 className={classes.hidden}>{t.title}</h1><Empty icon="lock" title={parts.forbidden}>{parts.forbiddenText}</Empty></>;
  return <Inbox />;
}

function Inbox() {
  const t = useTexts(texts);
  const { search } = useInboxAddress();
  const { conversation } = search;
  const { isShown } = useDetails();
  useTitle();
  useNews(conversation);
  usePresence(conversation ?? null);
  useOldLinks();
  return (
    <div className={classes.page}>
      <h1 className={classes.hidden}>{t.title}</h1>
      <Line />
      <div className={classes.inbox} data-open={conversation ? true : undefined} data-details={conversation && isShown ? true : undefined}>
        <div className={classes.list}><ConversationList /><Foot /></div>
        <div className={classes.conversation}>{conversation ? <Conversation key={conversation} id={conversation} /> : <Empty icon="inbox" title={t.choose}>{t.chooseText}</Empty>}</div>
        {conversation && <Details key={conversation} id={conversation} />}
      </div>
      <Announcer />
    </div>
  );
}

/** Links to the page before this one had the conversation after the #. */
function useOldLinks(): void {
  const { change } = useInboxAddress();
  useEffect(() => {
    const [, conversation] = /^#\/conversation\/(\w+)$/.exec(location.hash) ?? [];
    if (conversation) change({ conversation }, true);
  }, []);
}

/** How many want this person, in the title of the tab. */
function useTitle(): void {
  const t = useTexts(texts);
  const store = useStore("counts", "entry", "own", "all");
  const { wanting } = store;
  useEffect(() => {
    document.title = `${wanting ? t.counted(wanting) : t.title} · Answerdesk`;
  }, [wanting, t]);
}

/** Says what nobody can see, and leaves a conversation that was erased. */
function useNews(conversation: string | undefined): void {
  const t = useTexts(texts);
  const { store } = useLive();
  const { change } = useInboxAddress();
  useEffect(() => {
    const begun = Date.now();
    const ends = [
      store.on("entry", ({ entry, before }) => {
        const isNew = new Date(entry.updated_at).getTime() > begun - 2000;
        if (isNew && entry.state === "waiting" && before?.state !== "waiting") announce(t.anotherWaits);
      }),
      store.on("gone", (id) => {
        if (id !== conversation) return;
        change({ conversation: undefined, answer: undefined }, true);
        announce(t.erased);
      }),
    ];
    return () => ends.forEach((end) => end());
  });
}

function Line() {
  const t = useTexts(texts);
  const line = useLine();
  return <div role="alert">{line.kind !== "on" && <p className={classes.line}><Icon name="warning" size={16} />{line.kind === "lost" ? t.lost : t.over(line.reason)}</p>}</div>;
}

function Foot() {
  const t = useTexts(texts);
  const { store } = useLive();
  const [isOpen, setOpen] = useState(false);
  const open = () => setOpen(true);
  useCommands([{ id: "inbox-notices", label: t.noticesOf, group: t.title, run: open }]);
  return (
    <p className={classes.foot}>
      <button type="button" onClick={open}><Icon name="bell" size={16} />{store.me ? t.noticesOf : t.notices}</button>
      {isOpen && <Suspense><NoticePreferences close={() => setOpen(false)} /></Suspense>}
    </p>
  );
}
