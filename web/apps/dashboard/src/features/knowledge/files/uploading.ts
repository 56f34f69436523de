/**
 * Uploads of files, a few at a time. They go on while the person looks at other pages, so they are
 * kept here and not by a component.
 */
import { Problem, problemOf } from "@answerdesk/api";
import { useSyncExternalStore } from "react";
import { api, data } from "../../../api/client.ts";
import { explain } from "../../../parts/states.tsx";
import { credential, renew, session } from "../../../session/session.ts";
import { language } from "../../../texts/index.ts";
import { refresh } from "../queries.ts";
import type { StoredDocument } from "../states.ts";
import { texts } from "./texts.ts";

const AT_A_TIME = 2;
/** Documents are taken in in the order of upload, so only the first few are looked at. */
const LOOKED_AT = 4;
const FIRST_LOOK_MS = 300;
const LONGEST_PAUSE_MS = 5000;

export type Upload = {
  readonly id: number;
  readonly projectId: string;
  readonly file: File;
  readonly state: "waits" | "sending" | "reading" | "pending" | "done" | "refused";
  /** The share that has been sent. */
  readonly sent: number;
  readonly document: StoredDocument | null;
  readonly reason: string;
  readonly isRetriable: boolean;
};

const root = document.getElementById("root");
/** What the server takes, as it has written into the page. */
export const MOST_BYTES = Number(root?.dataset.maxFileBytes) || Number.POSITIVE_INFINITY;
export const EXTENSIONS = root?.dataset.extensions ?? "";

let uploads: readonly Upload[] = [];
let sending = 0;
let isWatching = false;
let nextId = 1;
const listeners = new Set<() => void>();

export function useUploads(projectId: string): readonly Upload[] {
  const all = useSyncExternalStore(subscribe, () => uploads);
  return all.filter((one) => one.projectId === projectId);
}

export function addFiles(projectId: string, files: readonly File[]): void {
  const t = texts[language()];
  const added = files.map((file): Upload => {
    const isTooLarge = file.size > MOST_BYTES;
    const reason = isTooLarge ? t.tooLarge(file.size, MOST_BYTES) : "";
    return { id: nextId++, projectId, file, state: isTooLarge ? "refused" : "waits", sent: 0, document: null, reason, isRetriable: false };
  });
  set([...added, ...uploads]);
  goOn();
}

export function tryAgain(id: number): void {
  change(id, { state: "waits", reason: "", sent: 0 });
  goOn();
}

export const dismiss = (id: number) => set(uploads.filter((one) => one.id !== id));

function goOn(): void {
  for (const upload of [...uploads].reverse().filter(({ state }) => state === "waits")) {
    if (sending >= AT_A_TIME) return;
    sending += 1;
    void transfer(upload).finally(() => {
      sending -= 1;
      goOn();
    });
  }
}

async function transfer({ id, projectId, file }: Upload): Promise<void> {
  change(id, { state: "sending" });
  try {
    show(id, await send(projectId, file, (sent) => change(id, { sent, state: sent < 1 ? "sending" : "reading" })), file);
    void refresh(projectId);
    void watch();
  } catch (error) {
    refuse(id, error);
  }
}

/** Look at the files that have arrived until all are taken in or refused. */
async function watch(): Promise<void> {
  if (isWatching) return;
  isWatching = true;
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const pending = uploads.filter(({ state }) => state === "pending");
    if (!pending.length) break;
    await new Promise((resolve) => setTimeout(resolve, pause));
    await Promise.all(pending.slice(-LOOKED_AT).map(look));
    const isMoving = pending.some(({ id }) => uploads.find((one) => one.id === id)?.state !== "pending");
    if (isMoving) {
      pause = FIRST_LOOK_MS;
      void refresh(pending[0]?.projectId ?? "");
    }
  }
  isWatching = false;
}

async function look({ id, projectId, document, file }: Upload): Promise<void> {
  const path = { project_id: projectId, document_id: document?.id ?? "" };
  try {
    show(id, await data(api.GET("/v1/projects/{project_id}/documents/{document_id}", { params: { path } })), file);
  } catch (error) {
    // The next look may succeed, unless the server has refused.
    if (error instanceof Problem && !error.isAway && error.status !== 429) refuse(id, error);
  }
}

function show(id: number, document: StoredDocument, file: File): void {
  if (document.status === "failed") {
    const reason = (document.error ?? texts[language()].unreadable).replace(`${file.name}: `, "");
    return change(id, { state: "refused", document, reason, isRetriable: false });
  }
  change(id, { state: document.status === "pending" ? "pending" : "done", document });
}

function refuse(id: number, error: unknown): void {
  const name = uploads.find((one) => one.id === id)?.file.name;
  const reason = explain(error).replace(`${name}: `, "");
  // If the server has refused the file, it would refuse it again.
  const isRetriable = !(error instanceof Problem) || error.isAway || error.status >= 500 || error.status === 429;
  change(id, { state: "refused", reason, isRetriable });
}

async function send(projectId: string, file: File, told: (sent: number) => void): Promise<StoredDocument> {
  try {
    return await sendOnce(projectId, file, told);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401 || !session()) throw error;
    await renew();
    return sendOnce(projectId, file, told);
  }
}

/** With XMLHttpRequest, because `fetch` does not tell how much has been sent. */
function sendOnce(projectId: string, file: File, told: (sent: number) => void): Promise<StoredDocument> {
  const form = new FormData();
  form.append("file", file);
  const line = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    line.open("POST", `/v1/projects/${projectId}/files`);
    line.setRequestHeader("Authorization", `Bearer ${credential()}`);
    line.responseType = "json";
    line.upload.onprogress = ({ loaded, total }) => told(total ? loaded / total : 0);
    line.upload.onload = () => told(1);
    line.onerror = line.onabort = () => reject(new Problem(texts[language()].unreachable, "unreachable"));
    line.onload = () => (line.status < 300 ? resolve(line.response) : reject(problemOf(line.status, line.response ?? {})));
    line.send(form);
  });
}

function change(id: number, part: Partial<Upload>): void {
  set(uploads.map((one) => (one.id === id ? { ...one, ...part } : one)));
}

function set(next: readonly Upload[]): void {
  uploads = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

addEventListener("beforeunload", (event) => {
  // Files that have arrived are taken in without this page; the others would be lost.
  if (uploads.some(({ state }) => state === "waits" || state === "sending")) event.preventDefault();
});
// A file that misses the drop area must not replace the page.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
