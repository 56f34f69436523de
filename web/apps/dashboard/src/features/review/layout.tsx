/** The review: what waits for a decision, in two tabs that say how much it is. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { useMay } from "../../api/queries.ts";
import { useHidden } from "../../parts/hidden.ts";
import { Page } from "../../parts/page.tsx";
import { Loading } from "../../parts/states.tsx";
import { useTexts } from "../../texts/index.ts";
import tabs from "../knowledge/layout.module.css";
import { draftsQuery, questionsQuery } from "./queries.ts";
import { texts } from "./texts.ts";

export function ReviewLayout() {
  const t = useTexts(texts);
  const may = useMay();
  const { projectId } = useParams({ from: "/p/$projectId/review" });
  const canAsk = may("conversations:read");
  const drafts = useInfiniteQuery(draftsQuery(projectId, "pending"));
  const questions = useInfiniteQuery({ ...questionsQuery(projectId, undefined), enabled: canAsk });
  return (
    <Page title={t.review} lead={may("knowledge:write") ? t.lead : t.readOnly} wide>
      <nav className={tabs.tabs} aria-label={t.parts}>
        <Link to="/p/$projectId/review" params={{ projectId }} className={tabs.tab} activeOptions={{ exact: true, includeSearch: false }}>{t.drafts}<Count query={drafts} /></Link>
        {canAsk && <Link to="/p/$projectId/review/questions" params={{ projectId }} className={tabs.tab} activeOptions={{ includeSearch: false }}>{t.questions}<Count query={questions} /></Link>}
      </nav>
      <Suspense fallback={<Loading />}><Outlet /></Suspense>
    </Page>
  );
}

type Counted = { data?: { pages: { items: { id: string }[] }[] }; hasNextPage: boolean };

function Count({ query: { data, hasNextPage } }: { query: Counted }) {
  const t = useTexts(texts);
  const hidden = useHidden();
  if (!data) return null;
  const count = data.pages.flatMap(({ items }) => items).filter(({ id }) => !hidden.has(id)).length;
  return <span className={tabs.count}>{t.count(count, hasNextPage)}</span>;
}
