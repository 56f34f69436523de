/** Sends requests, and turns whatever fails into one kind of error. */

export interface RowFault {
  row: number;
  field: string | null;
  message: string;
}

/** What went wrong. Without a `status` no answer came: the server or the network is away. */
export class Problem extends Error {
  override name = "Problem";
  readonly code: string;
  readonly status: number;
  /** Seconds after which to try again, if the server says so. */
  readonly retryAfter: number | null;
  /** Which rows of an import are wrong, and how. */
  readonly rows: readonly RowFault[];

  constructor(message: string, code = "", status = 0, retryAfter: number | null = null, rows: readonly RowFault[] = []) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.rows = rows;
  }

  /** Whether nobody refused: the same request may succeed later. */
  get isAway(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** The options of a POST with a JSON body. */
export const withJson = (body: object, options: RequestInit = {}): RequestInit => ({
  ...options,
  method: "POST",
  headers: { ...options.headers, "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

/** Throws a Problem, or the signal's reason if it was aborted. */
export async function request(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "omit", ...options });
  } catch {
    if (options.signal?.aborted) throw options.signal.reason;
    throw new Problem("The server cannot be reached.", "unreachable");
  }
  if (response.ok) return response;
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  throw problemOf(response.status, await response.json().catch(() => ({})), Number.isNaN(seconds) ? null : seconds);
}

/** Make a Problem of what a response with an error says. */
export function problemOf(status: number, told: { detail?: unknown; code?: unknown; errors?: unknown }, retryAfter: number | null = null): Problem {
  return new Problem(
    typeof told.detail === "string" ? told.detail : `The server responded with status ${status}.`,
    typeof told.code === "string" ? told.code : "",
    status,
    retryAfter,
    Array.isArray(told.errors) ? told.errors : [],
  );
}
