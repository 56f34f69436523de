/** How an answer came about: the record of it, beside the conversation. Loaded when it is asked for. */
import { Drawer, Stack, Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { Loading } from "../../../parts/states.tsx";
import { Decided } from "../../../parts/trace/decision.tsx";
import type { Trace } from "../../../parts/trace/shapes.ts";
import { TraceView } from "../../../parts/trace/trace.tsx";
import { useTexts } from "../../../texts/index.ts";
import { texts } from "../texts.ts";
import type { Thread } from "../thread.ts";
import { useItems } from "../threads.ts";

export default function AnswerRecord({ thread, message, close }: { thread: Thread; message: string; close: () => void }) {
  const t = useTexts(texts);
  const messages = useItems(thread).flatMap((one) => one.message ?? []);
  const [isRead, setRead] = useState(false);
  // What came by the live view does not tell how it came about.
  useEffect(() => {
    let isOver = false;
    void thread.read().then((show) => {
      show();
      if (!isOver) setRead(true);
    });
    return () => {
      isOver = true;
    };
  }, [thread, message]);
  const answer = messages.find(({ id }) => id === message);
  const question = messages.find(({ id }) => id === answer?.question_id);
  const trace = (question?.turn?.trace ?? null) as Trace | null;
  const hasTrace = trace !== null && Object.keys(trace).length > 0;
  return (
    <Drawer opened onClose={close} position="right" size="min(46rem, 100%)" title={<Text component="span" fw={650}>{t.how}</Text>} closeButtonProps={{ "aria-label": t.closeNews }}>
      {!question && !isRead && <Loading />}
      {!question && isRead && <Text>{t.noRecord}</Text>}
      {question && (
        <Stack gap="md">
          <div>
            <Title order={3} size="h5">{t.asked}</Title>
            <Text dir="auto">{question.content}</Text>
          </div>
          <Decided decision={question.turn?.decision} confidence={answer?.confidence} trace={trace} />
          <div>
            <Title order={3} size="h5">{t.answered}</Title>
            <Text dir="auto">{answer?.content}</Text>
          </div>
          {hasTrace ? <TraceView trace={trace} asked={question.content} /> : <Text c="dimmed">{t.noRecord}</Text>}
        </Stack>
      )}
    </Drawer>
  );
}
