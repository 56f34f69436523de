/** Questions with answers that people gave to visitors: to approve, edit or reject. */
import { NativeSelect } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ApiCalls } from "../../parts/apicalls.tsx";
import { Moment } from "../../parts/moment.tsx";
import { Empty, Failure, Loading } from "../../parts/states.tsx";
import { useTexts } from "../../texts/index.ts";
import { Mark } from "../knowledge/mark.tsx";
import { Conversation } from "./conversation.tsx";
import { Decisions } from "./decisions.tsx";
import { DraftForm } from "./draft.tsx";
import { draftQuery, draftsQuery, STATUSES } from "./queries.ts";
import classes from "./review.module.css";
import { texts } from "./texts.ts";

const FROM = "/p/$projectId/review/";

export function DraftsPage() {
  const t = useTexts(texts);
  const { projectId } = useParams({ from: FROM });
  const { status = "pending", open } = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const query = useInfiniteQuery(draftsQuery(projectId, status));
  const nothing = {
    pending: <Empty icon="check" title={t.nothingPending}>{t.nothingPendingText}</Empty>,
    approved: <Empty icon="review" title={t.nothingApproved} />,
    rejected: <Empty icon="review" title={t.nothingRejected} />,
  };
  return (
    <>
      <Decisions
        label={t.drafts}
        query={query}
        opened={open}
        open={(id) => void navigate({ search: (before) => ({ ...before, open: id }), replace: true })}
        row={(draft) => (
          <>
            <span className={classes.question} dir="auto">{draft.question}</span>
            <span className={classes.excerpt} dir="auto">{draft.answer}</span>
            <span className={classes.note}>
              {draft.status === "approved" && <><Mark state={{ tone: "good", text: t.isApproved }} />{" · "}</>}
              {draft.status === "rejected" && <><Mark state={{ tone: "calm", text: t.isRejected }} />{" · "}</>}
              {draft.category && `${draft.category} · `}<Moment at={draft.created_at} />
            </span>
          </>
        )}
        detail={(draft, next) => (
          <div className={classes.both}>
            <Shown key={draft.id} projectId={projectId} id={draft.id} next={next} />
            <Conversation id={draft.conversation_id} />
          </div>
        )}
        filter={<NativeSelect label={t.show} value={status} onChange={(event) => void navigate({ search: { status: STATUSES.find((one) => one === event.currentTarget.value) } })} data={STATUSES.map((one) => ({ value: one, label: t[one] }))} />}
        nothing={nothing[status]}
      />
      <ApiCalls calls={[{ method: "GET", path: `/v1/projects/${projectId}/item-drafts?status=${status}` }, { method: "POST", path: `/v1/projects/${projectId}/item-drafts/${open ?? "draft_…"}/approve` }]} />
    </>
  );
}

function Shown({ projectId, id, next }: { projectId: string; id: string; next: () => void }) {
  const { data, error, refetch } = useQuery(draftQuery(projectId, id));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  return <DraftForm projectId={projectId} draft={data.draft} tag={data.tag} next={next} />;
}
