/** The fields of a question with its answer, wherever one is written: here and in the review. */
import { Autocomplete, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Markdown } from "../../../parts/markdown.tsx";
import { useTexts } from "../../../texts/index.ts";
import { categoriesQuery } from "../queries.ts";
import { texts as shared } from "../texts.ts";
import classes from "./items.module.css";
import { texts } from "./texts.ts";

export type ItemTexts = { question: string; answer: string; category: string; tags: string };

export const NO_ITEM: ItemTexts = { question: "", answer: "", category: "", tags: "" };

/** As the API takes it. */
export function itemOf({ question, answer, category, tags }: ItemTexts) {
  return {
    question,
    answer,
    category: category.trim() || null,
    tags: tags.split(/[,;]/).map((one) => one.trim()).filter(Boolean),
  };
}

export const textsOf = (item: { question: string; answer: string; category: string | null; tags: string[] }): ItemTexts => ({
  question: item.question,
  answer: item.answer,
  category: item.category ?? "",
  tags: item.tags.join(", "),
});

type Props = { projectId: string; given: ItemTexts; change: (part: Partial<ItemTexts>) => void; focus?: "question" | "answer" };

export function ItemFields({ projectId, given, change, focus }: Props) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const [side, setSide] = useState("text");
  const { data: categories = [] } = useQuery(categoriesQuery(projectId));
  const isPreview = side === "preview";
  return (
    <>
      <Textarea data-autofocus={focus === "question" || undefined} required label={t.question} description={t.questionNote} dir="auto" autosize minRows={1} maxRows={6} maxLength={2000} value={given.question} onChange={(event) => change({ question: event.currentTarget.value })} />
      <div>
        <div className={classes.sides}>
          <SegmentedControl size="xs" value={side} onChange={setSide} aria-label={t.answer} data={[{ value: "text", label: t.answer }, { value: "preview", label: t.preview }]} />
        </div>
        {isPreview ? (
          <div className={classes.preview}>{given.answer.trim() ? <Markdown text={given.answer} /> : t.nothingToSee}</div>
        ) : (
          <Textarea data-autofocus={focus === "answer" || undefined} required label={t.answer} description={t.answerNote} dir="auto" autosize minRows={5} maxRows={20} maxLength={20_000} value={given.answer} onChange={(event) => change({ answer: event.currentTarget.value })} />
        )}
      </div>
      <div className={classes.pair}>
        <Autocomplete label={`${t.category} (${s.optional})`} dir="auto" maxLength={100} data={categories.map(({ category }) => category)} value={given.category} onChange={(category) => change({ category })} />
        <TextInput label={`${t.tags} (${s.optional})`} dir="auto" value={given.tags} onChange={(event) => change({ tags: event.currentTarget.value })} />
      </div>
    </>
  );
}
