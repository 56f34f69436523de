/** What is typed into a page of settings, until it is saved; it overwrites nobody's change. */
import { Problem } from "@answerdesk/api";
import { type ChangeEvent, useRef, useState } from "react";
import { tellDone } from "../../parts/notify.tsx";
import { explain } from "../../parts/states.tsx";
import { faultAt, type Faults, faultsOf } from "./faults.ts";

/** Somebody else has changed it meanwhile. */
export class Outdated extends Error {
  /** What is saved, as the draft has it. */
  readonly now: unknown;

  constructor(now: unknown) {
    super();
    this.now = now;
  }
}

/** What is wrong, by path; a check that found nothing there may say so with `false`. */
export type Checked = Readonly<Record<string, string | false>>;

type Options<D> = {
  /** What the server has now; the draft follows it for as long as nothing is typed. */
  saved: D;
  /** Saves it and returns what is saved then. Throws `Outdated` if `base` is no longer what is saved. */
  save: (draft: D, base: D) => Promise<D>;
  /** What has to be put right first, by path. */
  check?: ((draft: D) => Checked) | undefined;
  canWrite: boolean;
  /** With what the paths in the server's refusals begin, besides the draft's own fields. */
  roots?: readonly string[];
};

export type Draft<D extends object> = ReturnType<typeof useDraft<D>>;

export function useDraft<D extends object>({ saved, save, check, canWrite, roots = ["settings"] }: Options<D>) {
  const [base, setBase] = useState(saved);
  const [draft, setDraft] = useState(saved);
  const [isSaving, setSaving] = useState(false);
  const [faults, setFaults] = useState<Faults>({});
  const latest = useRef(draft);
  latest.current = draft;
  const isDirty = !same(draft, base);
  const met = rebase(draft, base, saved);
  if (!same(saved, base) && !met.clashes && !isSaving) {
    setBase(saved);
    setDraft(met.draft);
  }

  const set = (change: Partial<D>) => {
    setDraft((known) => ({ ...known, ...change }));
    setFaults({});
  };
  const discard = () => {
    setBase(saved);
    setDraft(saved);
    setFaults({});
  };
  const send = async (typed: D, over: D) => {
    const found = Object.fromEntries(Object.entries(check?.(typed) ?? {}).flatMap(([path, said]) => (said ? [[path, said]] : [])));
    setFaults(found);
    if (Object.keys(found).length || isSaving) return;
    setSaving(true);
    try {
      const now = await saveBeside(save, typed, over);
      setBase(now);
      // What was typed meanwhile stays.
      setDraft(rebase(latest.current, typed, now).draft);
      tellDone();
    } catch (error) {
      if (error instanceof Outdated) return;
      const isRefused = error instanceof Problem && (error.status === 422 || error.status === 400 || error.status === 409);
      setFaults(isRefused ? faultsOf(error.message, [...Object.keys(saved), ...roots]) : { "": explain(error) });
    } finally {
      setSaving(false);
    }
  };

  const field = <K extends keyof D & string>(key: K, path: string = key) => ({
    error: faultAt(faults, path),
    disabled: !canWrite,
  });
  return {
    value: draft,
    set,
    isDirty,
    isSaving,
    canWrite,
    faults,
    faultAt: (path: string) => faultAt(faults, path),
    /** Whether somebody else has changed a field that is changed here, too. */
    isConflict: met.clashes && !isSaving,
    discard,
    save: () => send(draft, base),
    /** Saves although somebody else has changed the same; what they changed besides stays. */
    overwrite: () => {
      setBase(saved);
      setDraft(met.draft);
      latest.current = met.draft;
      return send(met.draft, saved);
    },
    field,
    /** For a `TextInput`, `Textarea` or `NativeSelect`; `path` is what the server calls it. */
    text: <K extends KeysOf<D, string>>(key: K, path?: string) => ({
      ...field(key, path),
      value: draft[key] as string,
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) =>
        set({ [key]: event.currentTarget.value } as unknown as Partial<D>),
    }),
    /** For a `Switch` or `Checkbox`. */
    flag: <K extends KeysOf<D, boolean>>(key: K, path?: string) => ({
      ...field(key, path),
      checked: draft[key] as boolean,
      onChange: (event: ChangeEvent<HTMLInputElement>) => set({ [key]: event.currentTarget.checked } as unknown as Partial<D>),
    }),
  };
}

type KeysOf<D, V> = { [K in keyof D & string]: D[K] extends V ? K : never }[keyof D & string];

const MOST_TRIES = 5;

type Over<R, D> = {
  read: () => Promise<{ data?: R; response: Response }>;
  /** The part of it that the draft edits. */
  of: (resource: R) => D;
  base: D;
  write: (tag: string) => Promise<{ data?: R }>;
  /** Shows what is there now, for a cache. */
  keep: (resource: R) => void;
};

/** What was typed, on top of what is saved now; it clashes where both have changed the same field. */
function rebase<D extends object>(draft: D, base: D, saved: D): { draft: D; clashes: boolean } {
  const mine = (Object.keys(draft) as (keyof D & string)[]).filter((key) => !same(draft[key], base[key]));
  return {
    draft: { ...saved, ...Object.fromEntries(mine.map((key) => [key, draft[key]])) },
    clashes: mine.some((key) => !same(saved[key], base[key]) && !same(saved[key], draft[key])),
  };
}

/** Save; if somebody else has changed other fields meanwhile, theirs stay. */
async function saveBeside<D extends object>(save: (draft: D, base: D) => Promise<D>, draft: D, base: D): Promise<D> {
  for (let typed = draft, over = base, left = MOST_TRIES; ; left--) {
    try {
      return await save(typed, over);
    } catch (error) {
      if (!(error instanceof Outdated) || !left) throw error;
      const now = error.now as D;
      const met = rebase(typed, over, now);
      if (met.clashes) throw error;
      typed = met.draft;
      over = now;
    }
  }
}

/**
 * Change a part of a resource with an `ETag`. If only other parts were changed meanwhile, nothing
 * is overwritten by trying again; if this one was, `Outdated` is thrown.
 */
export async function saveOver<R, D>({ read, of, base, write, keep }: Over<R, D>): Promise<D> {
  for (let left = MOST_TRIES; ; left--) {
    const { data: current, response } = await read();
    if (!same(of(current as R), base)) {
      keep(current as R);
      throw new Outdated(of(current as R));
    }
    try {
      const { data: changed } = await write(response.headers.get("ETag") ?? "*");
      keep(changed as R);
      return of(changed as R);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412 || !left) throw error;
    }
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
