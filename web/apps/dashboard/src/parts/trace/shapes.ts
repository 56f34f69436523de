/** The record of how an answer came about, as far as it is shown. Older answers have fewer fields. */

export type Candidate = {
  chunk: string;
  document: string;
  title?: string;
  score: number;
  bm25: number;
  similarity: number;
  reranker?: number | null;
  chosen?: boolean;
};

export type Verdict = {
  sentence: string;
  supported?: boolean | null;
  passages?: number[];
  actions?: string[];
  score: number;
  reason?: string | null;
};

export type ToolCall = {
  tool: string;
  verdict: string;
  result: string;
  arguments?: Record<string, unknown> | null;
  milliseconds?: number | null;
  error?: string | null;
};

export type Generation = {
  model?: string | null;
  attempts?: number | null;
  failed?: string | null;
  first_token_milliseconds?: number | null;
  milliseconds?: number | null;
  input_tokens?: number | null;
  output_tokens?: number | null;
  tokens_estimated?: boolean;
  cost?: string | null;
  reason?: string | null;
  no_answer?: boolean;
  verification?: string | null;
  knowledge?: string | null;
  prompt?: { role: string; text: string }[];
  passages?: string[];
  verdicts?: Verdict[];
  calls?: ToolCall[];
  calls_ignored?: number;
};

export type Trace = {
  rewritten?: string | null;
  language?: string | null;
  terms?: string[];
  corrections?: Record<string, string>;
  synonyms?: Record<string, string[]>;
  halves?: string[];
  queries?: string[];
  milliseconds?: number | null;
  stages?: Record<string, number>;
  candidates?: Candidate[];
  generation?: Generation | null;
};

/** What became of a candidate. `place` is its number among the passages that a model was given. */
export type Use =
  | { kind: "quoted" | "not_given" | "unsure" | "beaten" }
  | { kind: "source" | "given"; place: number };

export function outcomeOf({ chunk, chosen }: Candidate, { generation, candidates = [] }: Trace): Use {
  if (generation && !generation.failed) {
    const place = (generation.passages ?? []).indexOf(chunk) + 1;
    if (!place) return { kind: "not_given" };
    const supports = generation.verdicts?.some(({ passages = [] }) => passages.includes(place));
    return { kind: supports ? "source" : "given", place };
  }
  if (chosen) return { kind: "quoted" };
  return { kind: candidates.some((one) => one.chosen) ? "beaten" : "unsure" };
}

/** Whether it is part of the answer. */
export const isUsed = ({ kind }: Use) => kind === "quoted" || kind === "source";
