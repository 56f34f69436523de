/** Asks before a conversation is left for a new one. */
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useAround } from "./context.ts";

export function Restart({ close }: { close: () => void }): VNode {
  const { say, chat, focus } = useAround();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const restart = () => {
    dialog.current?.close();
    chat.restart();
    focus();
  };
  return (
    <dialog ref={dialog} aria-labelledby="restart-title" onClose={close}>
      <h2 id="restart-title">{say("restart.title")}</h2>
      <p>{say("restart.text")}</p>
      <p class="actions">
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          {say("restart.cancel")}
        </button>
        <button type="button" class="primary" onClick={restart}>
          {say("restart.confirm")}
        </button>
      </p>
    </dialog>
  );
}
