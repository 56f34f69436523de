/** Whether an answer helped, and if not, why. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Reply } from "../thread.ts";
import { useAround } from "./context.ts";
import { ThumbIcon } from "./icons.tsx";

const LONGEST_REASON = 2000;

export function Feedback({ entry }: { entry: Reply }): VNode {
  const { say, chat } = useAround();
  const [note, setNote] = useState("");
  const [asksWhy, setAsksWhy] = useState(false);
  const { rating } = entry;
  const rate = async (chosen: "positive" | "negative") => {
    if (chosen === rating) return;
    setAsksWhy(chosen === "negative");
    setNote("");
    try {
      await chat.rate(entry, chosen);
      if (chosen === "positive") setNote(say("feedback.thanks"));
    } catch {
      setAsksWhy(false);
      setNote(say("error.unknown"));
    }
  };
  return (
    <>
      <span class="rating" role="group" aria-label={say("feedback.label")}>
        <Thumb isUp isPressed={rating === "positive"} name={say("feedback.positive")} press={() => rate("positive")} />
        <Thumb isPressed={rating === "negative"} name={say("feedback.negative")} press={() => rate("negative")} />
      </span>
      <span class="note" role="status">
        {note}
      </span>
      {asksWhy && (
        <Reason
          entry={entry}
          done={(said) => {
            setAsksWhy(false);
            setNote(said);
          }}
        />
      )}
    </>
  );
}

interface ThumbProps {
  isUp?: boolean;
  isPressed: boolean;
  name: string;
  press: () => void;
}

function Thumb({ isUp = false, isPressed, name, press }: ThumbProps): VNode {
  return (
    <button
      type="button"
      class={isUp ? "icon" : "icon turned"}
      aria-pressed={isPressed}
      aria-label={name}
      title={name}
      onClick={press}
    >
      <ThumbIcon />
    </button>
  );
}

function Reason({ entry, done }: { entry: Reply; done: (note: string) => void }): VNode {
  const { say, chat, focus } = useAround();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const id = `why-${entry.key}`;
  const send = async (event: Event) => {
    event.preventDefault();
    const reason = field.current?.value.trim();
    try {
      if (reason) await chat.rate(entry, "negative", reason);
      done(say("feedback.thanks"));
      focus();
    } catch {
      done(say("error.unknown"));
    }
  };
  return (
    <form class="reason" onSubmit={send}>
      <label for={id}>{say("feedback.reason")}</label>
      <textarea id={id} ref={field} rows={2} maxLength={LONGEST_REASON} dir="auto" />
      <p class="actions">
        <button
          type="button"
          class="quiet"
          onClick={() => {
            done(say("feedback.thanks"));
            focus();
          }}
        >
          {say("feedback.cancel")}
        </button>
        <button type="submit" class="primary">
          {say("feedback.send")}
        </button>
      </p>
    </form>
  );
}
