/** What is typed into a page of settings, until it is saved; it overwrites nobody's change. */
import { Problem } from "@answerdesk/api";
import { type ChangeEvent, useRef, useState } from "react";
import { tellDone } from "../../parts/notify.tsx";
import { explain } from "../../parts/states.tsx";
import { faultAt, type Faults, faultsOf } from "./faults.ts";

/** Somebody else has changed the same meanwhile. */
export class Outdated extends Error {}

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
  const isElsewhere = !same(saved, base);
  if (isElsewhere && !isDirty && !isSaving) {
    setBase(saved);
    setDraft(saved);
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
  const send = async (over: D) => {
    const found = Object.fromEntries(Object.entries(check?.(draft) ?? {}).flatMap(([path, said]) => (said ? [[path, said]] : [])));
    setFaults(found);
    if (Object.keys(found).length || isSaving) return;
    setSaving(true);
    try {
      const now = await save(draft, over);
      setBase(now);
      // What was typed meanwhile stays.
      if (same(latest.current, draft)) setDraft(now);
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
    /** Whether what is saved is no longer what the draft began with. */
    isConflict: isElsewhere && isDirty && !isSaving,
    discard,
    save: () => send(base),
    /** Saves although somebody else has changed the same. */
    overwrite: () => {
      setBase(saved);
      return send(saved);
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

/**
 * Change a part of a resource with an `ETag`. If only other parts were changed meanwhile, nothing
 * is overwritten by trying again; if this one was, `Outdated` is thrown.
 */
export async function saveOver<R, D>({ read, of, base, write, keep }: Over<R, D>): Promise<D> {
  for (let left = MOST_TRIES; ; left--) {
    const { data: current, response } = await read();
    if (!same(of(current as R), base)) {
      keep(current as R);
      throw new Outdated();
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
