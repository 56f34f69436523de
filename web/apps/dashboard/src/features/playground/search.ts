/** What is asked and how, in the address: a reload and a link show the same again. */

export type Exchange = { question: string; answer: string };

/** Without a field it is as for visitors; the model `none` means answers without one. */
export type Settings = { agent?: string; model?: string; threshold?: number };

export type PlaygroundSearch = Settings & {
  q?: string;
  /** What was said before, for a follow-up. */
  before?: Exchange[];
  compare?: boolean;
  agent2?: string;
  model2?: string;
  threshold2?: number;
};

export const NO_MODEL = "none";
const LONGEST = 4000;
/** An address has to stay short enough to be sent. */
const MOST_BEFORE = 3;
const LONGEST_BEFORE = 1000;

/** Each field is named, since what is left out here would stay as it was given. */
export function readSearch(search: Record<string, unknown>): PlaygroundSearch {
  return {
    q: text(search.q, LONGEST),
    before: exchanges(search.before),
    compare: search.compare === true || undefined,
    agent: text(search.agent, 80),
    model: text(search.model, 80),
    threshold: share(search.threshold),
    agent2: text(search.agent2, 80),
    model2: text(search.model2, 80),
    threshold2: share(search.threshold2),
  };
}

export const first = ({ agent, model, threshold }: PlaygroundSearch): Settings => known({ agent, model, threshold });
export const second = ({ agent2, model2, threshold2 }: PlaygroundSearch): Settings => known({ agent: agent2, model: model2, threshold: threshold2 });

/** The same fields as those of the second column. */
export const asSecond = ({ agent, model, threshold }: Settings): PlaygroundSearch => ({ agent2: agent, model2: model, threshold2: threshold });

/** With one more exchange, of which an address keeps the last few. */
export function continued(before: readonly Exchange[], { question, answer }: Exchange): Exchange[] {
  return [...before, { question: question.slice(0, LONGEST_BEFORE), answer: answer.slice(0, LONGEST_BEFORE) }].slice(-MOST_BEFORE);
}

function text(value: unknown, longest: number): string | undefined {
  // The router reads what looks like a number as one.
  const said = typeof value === "number" ? String(value) : value;
  return typeof said === "string" && said.trim() && said.length <= longest ? said : undefined;
}

function share(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= 1 ? value : undefined;
}

function exchanges(value: unknown): Exchange[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const found = value.flatMap((one: unknown) => {
    const { question, answer } = (one ?? {}) as Record<string, unknown>;
    return typeof question === "string" && question.trim() && typeof answer === "string" ? [{ question: question.slice(0, LONGEST_BEFORE), answer: answer.slice(0, LONGEST_BEFORE) }] : [];
  });
  return found.length ? found.slice(-MOST_BEFORE) : undefined;
}

function known<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
