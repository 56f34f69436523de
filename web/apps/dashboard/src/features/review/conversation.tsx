/** What was said, beside what was drawn from it. */
import { Problem } from "@answerdesk/api";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMay } from "../../api/queries.ts";
import { Failure, Loading } from "../../parts/states.tsx";
import { dateTime } from "../../texts/formats.ts";
import { useTexts } from "../../texts/index.ts";
import { conversationQuery } from "./queries.ts";
import classes from "./review.module.css";
import { texts } from "./texts.ts";

export function Conversation({ id }: { id: string }) {
  const t = useTexts(texts);
  const canRead = useMay()("conversations:read");
  const { data, error, refetch } = useQuery({ ...conversationQuery(id), enabled: canRead });
  return (
    <section className={classes.conversation} aria-labelledby="conversation-title">
      <div className={classes.head}>
        <h2 id="conversation-title" className={classes.title}>{t.conversation}</h2>
        {canRead && <Link to="/inbox" search={{ conversation: id } as object} className={classes.link}>{t.openConversation}</Link>}
      </div>
      {!canRead && <p className={classes.note}>{t.noConversation}</p>}
      {error && (error instanceof Problem && error.status === 404 ? <p className={classes.note}>{t.goneConversation}</p> : <Failure error={error} retry={() => void refetch()} />)}
      {canRead && !data && !error && <Loading rows={4} />}
      {data && (
        <ol className={classes.messages}>
          {data.messages.map((message) => (
            <li key={message.id} data-author={message.author}>
              <p className={classes.who}>{t[message.author]} · <time dateTime={message.created_at}>{dateTime(message.created_at)}</time></p>
              <p className={classes.said} dir="auto">{message.content}</p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
