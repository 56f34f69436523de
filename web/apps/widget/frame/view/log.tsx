/** The conversation, and what stands before its first message. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Follower } from "../scroll.ts";
import { useAround } from "./context.ts";
import { DownIcon } from "./icons.tsx";
import { LeadCard } from "./leadcard.tsx";
import { Message } from "./message.tsx";
import { Satisfaction } from "./satisfaction.tsx";

/** How many messages are drawn; the rest, when it is asked for. */
const MOST_DRAWN = 60;

export function Log(): VNode {
  const { chat, say } = useAround();
  const log = useRef<HTMLElement>(null);
  const column = useRef<HTMLDivElement>(null);
  const follower = useRef<Follower>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const [drawn, setDrawn] = useState(MOST_DRAWN);
  const entries = chat.entries.value;
  const shown = entries.slice(-drawn);
  const own = entries.findLast((one) => one.kind === "own")?.key;

  useEffect(() => {
    if (log.current && column.current) follower.current = new Follower(log.current, column.current, setAtEnd);
  }, []);
  // Whoever writes wants to see what becomes of it.
  useEffect(() => follower.current?.toEnd(), [own]);

  return (
    <main>
      <section class="log" ref={log} tabIndex={0} aria-label={say("conversation.label")}>
        <div class="column" ref={column}>
          {entries.length === 0 && chat.loading.value === "" && <Welcome />}
          {chat.loading.value === "loading" && <p class="state">{say("conversation.loading")}</p>}
          {chat.loading.value === "failed" && (
            <p class="state failure">
              {say("error.unavailable")}{" "}
              <button type="button" class="link" onClick={() => void chat.restore()}>
                {say("message.retry")}
              </button>
            </p>
          )}
          {shown.length < entries.length && (
            <p class="state">
              <button type="button" class="quiet" onClick={() => setDrawn(drawn + MOST_DRAWN)}>
                {say("conversation.earlier")}
              </button>
            </p>
          )}
          <ol class="messages">
            {shown.map((entry, place) => (
              <Message key={entry.key} entry={entry} isLast={place === shown.length - 1} />
            ))}
          </ol>
          <LeadCard />
          <Satisfaction />
        </div>
      </section>
      {!isAtEnd && (
        <button
          type="button"
          class="to-end"
          aria-label={say("conversation.latest")}
          title={say("conversation.latest")}
          onClick={() => follower.current?.toEnd()}
        >
          <DownIcon />
        </button>
      )}
    </main>
  );
}

function Welcome(): VNode {
  const { settings, say, chat, focus } = useAround();
  const ask = (question: string) => {
    chat.send(question);
    focus();
  };
  return (
    <section class="welcome">
      <p class="bubble" dir="auto">
        {settings.welcome}
      </p>
      {settings.quickPrompts.length > 0 && (
        <>
          <h2>{say("welcome.prompts")}</h2>
          <ul>
            {settings.quickPrompts.map((question) => (
              <li key={question}>
                <button type="button" class="prompt" dir="auto" onClick={() => ask(question)}>
                  {question}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
