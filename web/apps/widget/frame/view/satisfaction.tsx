/** How the whole conversation was, once a person has closed it. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useAround } from "./context.ts";

const SCORES = [1, 2, 3, 4, 5];
const LONGEST_COMMENT = 2000;

export function Satisfaction(): VNode | null {
  const { chat } = useAround();
  const { state, wasThere } = chat.person;
  return state.value === "closed" && wasThere.value && !chat.isRated.value ? <Rating /> : null;
}

function Rating(): VNode {
  const { say, chat, focus } = useAround();
  const form = useRef<HTMLFormElement>(null);
  const [failure, setFailure] = useState(false);
  useEffect(() => form.current?.scrollIntoView({ block: "nearest" }), []);

  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    try {
      await chat.rateConversation(Number(given.get("score")), String(given.get("comment") ?? "").trim());
      chat.note(say("rating.thanks"));
      focus();
    } catch {
      setFailure(true);
    }
  };
  const skip = () => {
    void chat.rateConversation(null);
    focus();
  };

  return (
    <form ref={form} class="card" aria-label={say("rating.title")} onSubmit={send}>
      <fieldset class="scores">
        <legend>{say("rating.title")}</legend>
        {SCORES.map((score) => (
          <label key={score}>
            <input type="radio" name="score" value={score} required aria-label={say("rating.score", { score })} />
            <span aria-hidden="true">{score}</span>
          </label>
        ))}
        <p class="ends" aria-hidden="true">
          <span>{say("rating.worst")}</span>
          <span>{say("rating.best")}</span>
        </p>
      </fieldset>
      <label for="rating-comment">{say("rating.comment")}</label>
      <textarea id="rating-comment" name="comment" rows={2} maxLength={LONGEST_COMMENT} dir="auto" />
      {failure && (
        <p class="failure" role="alert">
          {say("error.unknown")}
        </p>
      )}
      <p class="actions">
        <button type="button" class="quiet" onClick={skip}>
          {say("rating.skip")}
        </button>
        <button type="submit" class="primary">
          {say("rating.send")}
        </button>
      </p>
    </form>
  );
}
