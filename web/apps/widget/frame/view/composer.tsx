/** Where one writes. */
import type { RefObject, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useAround } from "./context.ts";
import { SendIcon, StopIcon } from "./icons.tsx";

/** As many characters as the server takes. */
const LONGEST = 8000;

export function Composer({ field }: { field: RefObject<HTMLTextAreaElement | null> }): VNode {
  const { say, chat } = useAround();
  const [text, setText] = useState("");
  const isWriting = chat.isBusy.value && chat.entries.value.some((one) => "isWriting" in one && one.isWriting);
  const tooMany = text.trim().length - LONGEST;

  const send = (event: Event) => {
    event.preventDefault();
    if (!text.trim() || tooMany > 0 || isWriting) return;
    chat.send(text.trim());
    setText("");
  };
  const pressed = (event: KeyboardEvent) => {
    // Enter confirms what an input method proposes; some browsers tell that only by the key's code.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    send(event);
  };
  useEffect(() => grow(field.current), [text]);

  return (
    <form class="composer" onSubmit={send}>
      {tooMany > 0 && (
        <p class="failure" id="too-long" role="alert">
          {say("composer.too_long", { count: tooMany })}
        </p>
      )}
      <div class="row">
        <textarea
          ref={field}
          rows={1}
          value={text}
          dir="auto"
          autocomplete="off"
          enterkeyhint="send"
          aria-label={say("composer.label")}
          aria-describedby={tooMany > 0 ? "too-long" : "hint"}
          aria-invalid={tooMany > 0}
          placeholder={say("composer.placeholder")}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            chat.person.typed();
          }}
          onKeyDown={pressed}
        />
        {isWriting ? (
          <button
            type="button"
            class="send"
            aria-label={say("composer.stop")}
            title={say("composer.stop")}
            onClick={() => {
              chat.stop();
              field.current?.focus();
            }}
          >
            <StopIcon />
          </button>
        ) : (
          <button type="submit" class="send" aria-label={say("composer.send")} title={say("composer.send")}>
            <SendIcon />
          </button>
        )}
      </div>
      <p class="hidden" id="hint">
        {say("composer.hint")}
      </p>
    </form>
  );
}

/** As high as its text, up to what the style sheet allows. */
function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}
