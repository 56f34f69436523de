/** One entry of the conversation. */
import { Component, type VNode } from "preact";
import { useState } from "preact/hooks";
import { readGrowing } from "../markdown.ts";
import { refer, type Reference } from "../sources.ts";
import { isAnswer, type Entry, type Own, type Reply } from "../thread.ts";
import { Blocks, PlainText } from "./blocks.tsx";
import { useAround } from "./context.ts";
import { Feedback } from "./feedback.tsx";

interface MessageProps {
  entry: Entry;
  /** Whether something comes after it. */
  isLast: boolean;
}

/** Draws an entry again only if it is another one: the rest of a long conversation rests. */
export class Message extends Component<MessageProps> {
  override shouldComponentUpdate({ entry, isLast }: MessageProps): boolean {
    return entry !== this.props.entry || isLast !== this.props.isLast;
  }

  render({ entry, isLast }: MessageProps): VNode {
    if (entry.kind === "own") return <OwnMessage entry={entry} />;
    if (entry.kind !== "notice") return <ReplyMessage entry={entry} isLast={isLast} />;
    return (
      <li class="message notice">
        <p dir="auto">{entry.text}</p>
      </li>
    );
  }
}

function OwnMessage({ entry }: { entry: Own }): VNode {
  const { say, chat, focus } = useAround();
  const retry = () => {
    chat.retry(entry);
    focus();
  };
  return (
    <li class={`message own ${entry.status}`}>
      <h2 class="hidden">{say("message.you")}</h2>
      <p class="bubble" dir="auto">
        {entry.text}
      </p>
      {/* What the server has is only answered late. */}
      {entry.status === "waiting" && !entry.id && <p class="state">{say("message.waits")}</p>}
      {entry.status === "failed" && (
        <p class="state failure">
          {say(entry.failure)}{" "}
          <button type="button" class="link" onClick={retry}>
            {say("message.retry")}
          </button>
        </p>
      )}
    </li>
  );
}

function ReplyMessage({ entry, isLast }: { entry: Reply; isLast: boolean }): VNode {
  const { say, settings } = useAround();
  const isHuman = entry.kind === "human";
  const author = isHuman ? entry.name || say("message.person") : settings.name;
  return (
    <li class={`message ${isHuman ? "human" : "answer"}`}>
      <h2 class="author" dir="auto">
        {author}
      </h2>
      <Said entry={entry} />
      {entry.failure && <Failure entry={entry} />}
      {entry.abstained && <NoAnswer isLast={isLast} />}
      {isAnswer(entry) && (
        <div class="foot">
          {entry.certainty && (
            <span class="certainty" data-level={entry.certainty.level} dir="auto">
              {entry.certainty.text}
            </span>
          )}
          <Feedback entry={entry} />
        </div>
      )}
    </li>
  );
}

function Said({ entry }: { entry: Reply }): VNode {
  const { say } = useAround();
  if (entry.isWriting && !entry.text) {
    return (
      <p class="bubble writing">
        <span class="hidden">{say("answer.writing")}</span>
        <span class="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      </p>
    );
  }
  if (entry.kind === "human") {
    return (
      <div class="bubble">
        <PlainText text={entry.text} />
      </div>
    );
  }
  const blocks = entry.blocks ?? readGrowing(entry.text);
  const { listed, marks } = refer(entry.sources, blocks, location.origin);
  return (
    <>
      {blocks.length > 0 && (
        <div class="bubble">
          <Blocks blocks={blocks} marks={marks} />
        </div>
      )}
      {listed.length > 0 && <Sources listed={listed} />}
    </>
  );
}

/** How many sources are shown before the rest has to be asked for. */
const FEW = 3;

function Sources({ listed }: { listed: Reference[] }): VNode {
  const { say } = useAround();
  const [isWhole, setWhole] = useState(listed.length <= FEW + 1);
  const shown = isWhole ? listed : listed.slice(0, FEW);
  return (
    <section class="sources" aria-label={say("answer.sources")}>
      <h3>{say("answer.sources")}</h3>
      <ol>
        {shown.map(({ number, title, path, href }) => (
          <li key={number} value={number}>
            <a href={href} target="_blank" rel="noopener noreferrer">
              <span dir="auto">{title}</span>
              <span class="hidden"> ({say("answer.new_tab")})</span>
            </a>
            {path && (
              <span class="path" dir="auto">
                {path}
              </span>
            )}
          </li>
        ))}
      </ol>
      {!isWhole && (
        <button type="button" class="link" onClick={() => setWhole(true)}>
          +{listed.length - FEW}
        </button>
      )}
    </section>
  );
}

function Failure({ entry }: { entry: Reply }): VNode {
  const { say, chat, focus } = useAround();
  const retry = () => {
    chat.retry(entry);
    focus();
  };
  return (
    <p class="state failure">
      {say(entry.failure)}{" "}
      <button type="button" class="link" onClick={retry}>
        {say("message.retry")}
      </button>
    </p>
  );
}

function NoAnswer({ isLast }: { isLast: boolean }): VNode | null {
  const { say, settings, chat, askForPerson } = useAround();
  if (!isLast || !settings.offersPerson || chat.person.isExpected) return null;
  return (
    <p class="state">
      <button type="button" class="quiet" onClick={askForPerson}>
        {say("person.request")}
      </button>
    </p>
  );
}
