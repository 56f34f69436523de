/** A page that could not be read is tried again by itself. */
import { Problem } from "@answerdesk/api";
import { Button } from "@mantine/core";
import { useState } from "react";
import { useMay } from "../../../api/queries.ts";
import { tellDone, tellFailure } from "../../../parts/notify.tsx";
import { useTexts } from "../../../texts/index.ts";
import { refresh, retryPage } from "../queries.ts";
import { shortened, type WebPage } from "../states.ts";
import { texts } from "./texts.ts";

export function RetryPage({ projectId, page }: { projectId: string; page: WebPage }) {
  const t = useTexts(texts);
  const canWrite = useMay()("knowledge:write");
  const [isSending, setSending] = useState(false);
  if (!canWrite || (page.state !== "failed" && page.state !== "skipped")) return null;
  const retry = async () => {
    setSending(true);
    try {
      await retryPage(projectId, page.id);
      tellDone(t.retrying(page.title || shortened(page.url)));
    } catch (error) {
      tellFailure(error instanceof Problem && error.code === "sync_running" ? new Error(t.isBeingRead) : error);
    }
    await refresh(projectId);
    setSending(false);
  };
  return <Button variant="default" size="compact-sm" loading={isSending} aria-label={t.retryOf(page.title || shortened(page.url))} onClick={() => void retry()}>{t.retry}</Button>;
}
