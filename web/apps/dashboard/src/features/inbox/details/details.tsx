/** Beside a conversation: who the visitor is, its tags, its notes, what they left and asked before. */
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useMay } from "../../../api/queries.ts";
import { useStore } from "../../../live/hooks.ts";
import type { Entry } from "../../../live/shapes.ts";
import { Icon } from "../../../parts/icons.tsx";
import { Moment } from "../../../parts/moment.tsx";
import { Outside } from "../../../parts/outside.tsx";
import { dateTime } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import { useInboxAddress } from "../address.ts";
import { useNames } from "../names.ts";
import { contactQuery, leadQuery, visitsQuery } from "../queries.ts";
import { texts } from "../texts.ts";
import { useItems, useThread } from "../threads.ts";
import { Contact } from "./contact.tsx";
import classes from "./details.module.css";
import { useDetails } from "./shown.ts";
import { Tags } from "./tags.tsx";

export function Details({ id }: { id: string }) {
  const store = useStore("entry", "all");
  const { isShown } = useDetails();
  const entry = store.entries.get(id);
  if (!entry || !isShown) return null;
  return <Shown entry={entry} />;
}

function Shown({ entry }: { entry: Entry }) {
  const t = useTexts(texts);
  const { toggle } = useDetails();
  const { search } = useInboxAddress();
  const box = useRef<HTMLElement>(null);
  const wasAsked = search.details === "shown";
  // Whoever opened it over the conversation goes on in it, and is back afterwards.
  useEffect(() => {
    if (!wasAsked) return;
    const before = document.activeElement;
    box.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [wasAsked]);
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    toggle();
  };
  return (
    <aside className={classes.details} id="inbox-details" aria-label={t.details} ref={box} tabIndex={-1} onKeyDown={press}>
      <p className={classes.top}><button type="button" className={classes.close} onClick={toggle} aria-label={t.closeNews}><Icon name="close" /></button></p>
      {entry.visitor && <Contact key={entry.visitor.id} id={entry.visitor.id} />}
      <Tags key={entry.id} entry={entry} />
      <ServiceLevel entry={entry} />
      <Notes id={entry.id} />
      {entry.visitor && <Lead entry={entry} visitor={entry.visitor.id} />}
      {entry.visitor && <Visits entry={entry} visitor={entry.visitor.id} />}
    </aside>
  );
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** Names with values; what has no value is left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {facts.filter(([, value]) => value).map(([name, value], place) => (
        <div key={place}>
          <dt dir="auto">{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function ServiceLevel({ entry }: { entry: Entry }) {
  const t = useTexts(texts);
  if (!entry.sla_due_at && !entry.sla_breached) return null;
  return (
    <Part title={t.serviceLevel}>
      {entry.sla_breached && <p className={classes.bad}>{t.missed}</p>}
      {entry.sla_due_at && <p className={classes.quiet}>{t.replyDue(dateTime(entry.sla_due_at))} · <Moment at={entry.sla_due_at} /></p>}
    </Part>
  );
}

function Notes({ id }: { id: string }) {
  const t = useTexts(texts);
  const names = useNames();
  const notes = useItems(useThread(id)).flatMap(({ note }) => note ?? []);
  return (
    <Part title={t.notes}>
      {notes.length === 0 && <p className={classes.quiet}>{t.noNotes}</p>}
      <ul className={classes.lines}>
        {notes.map((one) => (
          <li key={one.id}>
            <button type="button" className={classes.link} dir="auto" onClick={() => document.getElementById(one.id)?.scrollIntoView({ block: "center" })}>{one.content.replace(/\s+/g, " ").slice(0, 80)}</button>
            <span className={classes.quiet}>{names.noteAuthor(one)}, {dateTime(one.created_at)}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** Where the visitor wants to be replied to, and what they agreed to. */
function Lead({ entry, visitor }: { entry: Entry; visitor: string }) {
  const t = useTexts(texts);
  const may = useMay();
  const { data: contact } = useQuery(contactQuery(visitor));
  const { data: lead } = useQuery({ ...leadQuery(entry.project_id, entry.id), enabled: may("leads:read") && (contact?.lead_count ?? 0) > 0 });
  if (!lead) return null;
  const { consent } = lead;
  return (
    <Part title={t.left}>
      <Facts
        facts={[
          [t.name, lead.name],
          [t.email, lead.email],
          [t.phone, lead.phone],
          [t.message, lead.message],
          [t.consent, consent ? consent.text : t.noConsent],
          [t.consentAt, consent && dateTime(consent.at)],
          [t.page, lead.page_url && <Outside href={lead.page_url} plain />],
        ]}
      />
    </Part>
  );
}

function Visits({ entry, visitor }: { entry: Entry; visitor: string }) {
  const t = useTexts(texts);
  const { change, href } = useInboxAddress();
  const { data } = useQuery(visitsQuery(visitor));
  const others = data?.items.filter((one) => one.id !== entry.id).slice(0, 5) ?? [];
  if (!others.length) return null;
  return (
    <Part title={t.others}>
      <ul className={classes.lines}>
        {others.map((one) => (
          <li key={one.id}>
            <a
              href={href({ conversation: one.id, answer: undefined })}
              dir="auto"
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                change({ conversation: one.id, answer: undefined });
              }}
            >
              {one.latest_message?.content.slice(0, 80) || t.conversation}
            </a>
            <span className={classes.quiet}>{dateTime(one.updated_at)}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}
