/** Reads a table of questions and answers as far as a person needs to see that it is the right one. */

export type Row = { question: string; answer: string; category: string; tags: string };
export type Table = { rows: Row[]; all: number };

const SHOWN = 5;
/** More than this is not read only to show five rows. */
const MOST_BYTES = 5_000_000;

export async function previewOf(file: File): Promise<Table | null> {
  if (file.size > MOST_BYTES) return null;
  try {
    const text = (await file.text()).replace(/^\uFEFF/, "");
    const rows = /\.jsonl?$/i.test(file.name) ? ofJson(text, /\.jsonl$/i.test(file.name)) : ofTable(text);
    return rows?.length ? { rows: rows.slice(0, SHOWN), all: rows.length } : null;
  } catch {
    // The server says what is wrong with it.
    return null;
  }
}

function ofJson(text: string, isLines: boolean): Row[] {
  const told: unknown = isLines ? text.split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line)) : JSON.parse(text);
  const list = Array.isArray(told) ? told : (told as { items?: unknown[] }).items ?? [];
  return list.map((one) => {
    const { question = "", answer = "", category = "", tags = [] } = one as Record<string, unknown>;
    return { question: String(question), answer: String(answer), category: String(category ?? ""), tags: Array.isArray(tags) ? tags.join(", ") : String(tags) };
  });
}

function ofTable(text: string): Row[] | null {
  const [head, ...lines] = cells(text);
  if (!head) return null;
  const names = head.map((name) => name.trim().toLowerCase());
  const at = (line: string[], name: string) => line[names.indexOf(name)] ?? "";
  if (!names.includes("question") || !names.includes("answer")) return null;
  return lines.map((line) => ({ question: at(line, "question"), answer: at(line, "answer"), category: at(line, "category"), tags: at(line, "tags") }));
}

/** The cells of a table by line; a quoted cell may have separators and line breaks in it. */
function cells(text: string): string[][] {
  const first = text.slice(0, text.indexOf("\n") < 0 ? undefined : text.indexOf("\n"));
  const separator = [",", ";", "\t"].reduce((best, one) => (first.split(one).length > first.split(best).length ? one : best));
  const found: string[][] = [];
  let [line, cell, isQuoted]: [string[], string, boolean] = [[], "", false];
  const endLine = () => {
    line.push(cell);
    if (line.some((one) => one.trim())) found.push(line);
    [line, cell] = [[], ""];
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] as string;
    if (isQuoted && sign === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (sign === '"' && (isQuoted || cell === "")) isQuoted = !isQuoted;
    else if (isQuoted) cell += sign;
    else if (sign === separator) {
      line.push(cell);
      cell = "";
    } else if (sign === "\n") endLine();
    else if (sign !== "\r") cell += sign;
  }
  endLine();
  return found;
}
