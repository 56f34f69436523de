/** What is in the way of a reply: shows what was written meanwhile, and what can be done. */
import { Problem } from "@answerdesk/api";
import { Button } from "@mantine/core";
import type { Entry } from "../../../live/shapes.ts";
import { explain } from "../../../parts/states.tsx";
import { useTexts } from "../../../texts/index.ts";
import { useNames } from "../names.ts";
import { texts } from "../texts.ts";
import type { Thread } from "../thread.ts";
import { useItems } from "../threads.ts";
import classes from "./compose.module.css";

const SHORT = 300;

type Props = { refusal: unknown; entry: Entry; thread: Thread; sendAnyway: () => void; takeOver: () => void; keepWriting: () => void };

export function Obstacle({ refusal, entry, thread, sendAnyway, takeOver, keepWriting }: Props) {
  const t = useTexts(texts);
  const names = useNames();
  useItems(thread);
  const code = refusal instanceof Problem ? refusal.code : "";
  const { newest } = thread;
  const holder = names.holder(entry);
  const reason = () => {
    if (code === "conversation_changed") return t.changed[newest?.author ?? "human"];
    return code === "held_by_another" && holder ? t.taken(holder) : explain(refusal);
  };
  return (
    <div role="alert">
      {refusal !== null && (
        <div className={classes.obstacle}>
          <p>{reason()}</p>
          {code === "conversation_changed" && newest && <blockquote dir="auto">{newest.content.slice(0, SHORT)}</blockquote>}
          <div className={classes.choices}>
            {code === "held_by_another" && <Button size="compact-sm" variant="default" onClick={takeOver}>{t.takeOver}</Button>}
            {(code === "held_by_another" || code === "conversation_changed") && <Button size="compact-sm" variant="default" onClick={sendAnyway}>{t.sendAnyway}</Button>}
            <Button size="compact-sm" variant="subtle" onClick={keepWriting}>{t.keepWriting}</Button>
          </div>
        </div>
      )}
    </div>
  );
}
