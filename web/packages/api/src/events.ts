/** Reads server-sent events from a response, as the HTML standard defines them. */
import { Problem } from "./request.ts";

export interface ServerSentEvent {
  name: string;
  data: string;
  /** Where to go on after it. */
  id: string;
}

/** The server sends something at least every 15 seconds; 40 of silence mean a dead connection. */
export const SILENCE_MS = 40_000;

/**
 * Yield the events of a stream as they arrive. An event that the stream's end has cut off is dropped.
 */
export async function* readEvents(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<ServerSentEvent> {
  let [name, id] = ["", ""];
  let data: string[] = [];
  for await (const line of readLines(body)) {
    if (line === "") {
      if (data.length) yield { name: name || "message", data: data.join("\n"), id };
      name = "";
      data = [];
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
    // An id also applies to the events that follow.
    else if (field === "id" && !value.includes("\0")) id = value;
  }
}

/** Yield complete lines, ended by LF, CR, or CRLF, which may be split between two pieces. */
async function* readLines(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let endsInReturn = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const piece = endsInReturn && value.startsWith("\n") ? value.slice(1) : value;
      endsInReturn = value.endsWith("\r");
      const lines = (rest + piece).split(/\r\n|\r|\n/);
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * Open a stream and yield its events with their data parsed, up to the one named `done`.
 *
 * Throws a Problem with the code `cut_off` if it breaks before; the signal's reason if it is aborted.
 */
export async function* follow<Event extends { name: string; data: unknown }>(
  open: (signal: AbortSignal) => Promise<Response>,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  const line = new AbortController();
  const stop = () => line.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const lost = () => line.abort(cutOff());
  let silence = setTimeout(lost, SILENCE_MS);
  try {
    const { body } = await open(line.signal);
    if (body) {
      for await (const { name, data } of readEvents(body)) {
        clearTimeout(silence);
        silence = setTimeout(lost, SILENCE_MS);
        yield { name, data: JSON.parse(data) } as Event;
        if (name === "done") return;
      }
    }
    throw cutOff();
  } catch (error) {
    // Browsers report an aborted stream in different ways.
    if (line.signal.aborted) throw line.signal.reason;
    throw error instanceof Problem ? error : cutOff();
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", stop);
    line.abort();
  }
}

const cutOff = () => new Problem("The connection was lost before the end.", "cut_off");
