// @ts-check
/** Reads server-sent events off a response. */

/** @typedef {{name: string, data: any}} StreamEvent */

/**
 * Yield the events of a stream as they come; comments are left out.
 *
 * @param {Response} response
 * @returns {AsyncGenerator<StreamEvent>}
 */
export async function* readEvents(response) {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      // A line may end in CR LF, and the two may come apart: only whole frames are looked at.
      const frames = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) {
        const event = parse(frame);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {string} frame @returns {StreamEvent | null} null for a comment */
function parse(frame) {
  let name = "message";
  const data = [];
  for (const line of frame.split("\n")) {
    const [field, value] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)];
    if (field === "event") name = value.trim();
    if (field === "data") data.push(value.replace(/^ /, ""));
  }
  return data.length ? { name, data: JSON.parse(data.join("\n")) } : null;
}
