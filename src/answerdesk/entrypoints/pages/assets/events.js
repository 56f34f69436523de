// @ts-check
/** Reads server-sent events from a response, as the HTML standard defines them. */

import { ServerError } from "./server.js";

/** The server sends something at least every 15 seconds; 40 of silence mean a dead connection. */
const SILENCE_MS = 40_000;

/** @typedef {{name: string, data: string, id: string}} ServerSentEvent */

/**
 * Yield the events of a stream as they arrive. If the stream ends without a blank line after the
 * last event, that event is incomplete and dropped.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @returns {AsyncGenerator<ServerSentEvent>}
 */
export async function* readEvents(body) {
  let [name, id] = ["", ""];
  /** @type {string[]} */
  let data = [];
  for await (const line of readLines(body)) {
    if (line === "") {
      if (data.length) yield { name: name || "message", data: data.join("\n"), id };
      name = "";
      data = [];
      continue;
    }
    const [field, value] = parted(line);
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
    // An id also applies to the events that follow.
    else if (field === "id" && !value.includes("\0")) id = value;
  }
}

/** @param {string} line @returns {[string, string]} field and value; a comment's field is empty */
function parted(line) {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}

/**
 * Yield complete lines, ended by LF, CR, or CRLF, which may be split between two pieces.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body @returns {AsyncGenerator<string>}
 */
async function* readLines(body) {
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
 * Open a stream and yield its events, with their data parsed as JSON, up to the one named `done`.
 *
 * @template {{name: string, data: unknown}} Event
 * @param {(signal: AbortSignal) => Promise<Response>} open
 * @param {AbortSignal} signal its reason is thrown when it is aborted
 * @param {string} cutOff the error text if the connection breaks before `done`
 * @returns {AsyncGenerator<Event>}
 */
export async function* follow(open, signal, cutOff) {
  const line = new AbortController();
  const stop = () => line.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const lost = () => line.abort(new ServerError(cutOff));
  let silence = setTimeout(lost, SILENCE_MS);
  try {
    const { body } = await open(line.signal);
    if (body) {
      for await (const { name, data } of readEvents(body)) {
        clearTimeout(silence);
        silence = setTimeout(lost, SILENCE_MS);
        yield /** @type {Event} */ ({ name, data: JSON.parse(data) });
        if (name === "done") return;
      }
    }
    throw new ServerError(cutOff);
  } catch (error) {
    // Browsers report an aborted stream in different ways, so throw our own reason.
    if (line.signal.aborted) throw line.signal.reason;
    throw error instanceof ServerError ? error : new ServerError(cutOff);
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", stop);
    line.abort();
  }
}
