// Reads an event stream as a page or a Node program would: node read_stream.mjs URL HEADERS BODY
//
// Prints the events with their data, and how many comments came between them, as one JSON object. As the
// dialects ask of their clients, it hangs up after `done` or `error`.
import { EventSourceParserStream } from "eventsource-parser/stream";

const [url, headers, body] = process.argv.slice(2);
const response = await fetch(url, { method: "POST", headers: JSON.parse(headers), body });
if (!response.headers.get("content-type").startsWith("text/event-stream")) {
  throw new Error(`${response.status}: ${await response.text()}`);
}
const events = [];
let comments = 0;
const stream = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(
  new EventSourceParserStream({ onComment: () => (comments += 1), onError: "terminate" }),
);
for await (const { event, data } of stream) {
  events.push([event, JSON.parse(data)]);
  if (event === "done" || event === "error") break;
}
console.log(JSON.stringify({ events, comments }));
