// A client generated from an API's description that records each of its calls.
import createClient, { type Client } from "openapi-fetch";

export interface Call {
  method: string;
  path: string;
  status: number;
  type: string;
  body: string;
}

interface Given {
  url: string;
  key: string;
  ids: Record<string, string>;
}

declare const process: { argv: string[] };

const given = JSON.parse(process.argv[2] ?? "{}") as Given;
const calls: Call[] = [];

export const ids = given.ids;

/** A client of the API at the address that the program was given, with its key. */
export function client<Paths extends {}>(key: string = given.key): Client<Paths> {
  const made = createClient<Paths>({
    baseUrl: given.url,
    headers: { Authorization: `Bearer ${key}` },
  });
  made.use({
    async onResponse({ request, response, schemaPath }) {
      calls.push({
        method: request.method,
        path: schemaPath,
        status: response.status,
        type: response.headers.get("content-type") ?? "",
        body: await response.clone().text(),
      });
    },
  });
  return made;
}

/** Returns what a call was answered with; raises for a refusal. */
export function data<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

/** Prints all calls, as one JSON list. */
export function report(): void {
  console.log(JSON.stringify(calls));
}
