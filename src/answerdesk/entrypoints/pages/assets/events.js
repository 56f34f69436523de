// @ts-check
/** Reads server-sent events off a response, as the HTML standard has them. */

import { ServerError } from "./server.js";

/** The server sends something at least every 15 seconds, so a longer silence is a dead line. */
const SILENCE_MS = 40_000;

/** @typedef {{name: string, data: string, id: string}} ServerSentEvent */

/**
 * Yield the events of a stream as they come. What has no blank line behind it when the stream ends
 * is not whole, and is left out.
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
    // An id holds for the events that follow, too.
    else if (field === "id" && !value.includes("\0")) id = value;
  }
}

/** @param {string} line @returns {[string, string]} a comment's field has no name */
function parted(line) {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}

/**
 * Yield the lines that have an end: LF, CR, or both, which may come apart.
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
 * Open a stream and yield its events, their data read as JSON, until one is called `done`.
 *
 * @template {{name: string, data: unknown}} Event
 * @param {(signal: AbortSignal) => Promise<Response>} open
 * @param {AbortSignal} signal whose reason is thrown when it is aborted
 * @param {string} cutOff what to say when the line breaks before the end
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
    // Browsers name an aborted stream each in their own way; the reason is ours.
    if (line.signal.aborted) throw line.signal.reason;
    throw error instanceof ServerError ? error : new ServerError(cutOff);
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", stop);
    line.abort();
  }
}
