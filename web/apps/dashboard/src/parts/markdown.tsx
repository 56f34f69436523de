/** Markdown as elements, never as HTML: what it does not know stays text. */
import type { ReactNode } from "react";
import classes from "./markdown.module.css";
import { Outside } from "./outside.tsx";

type Block = { kind: "paragraph" | "bullets" | "steps" | "code" | "heading" | "quote"; lines: string[] };

export function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.text} dir="auto">
      {blocksOf(text).map((block, place) => <Drawn key={place} block={block} />)}
    </div>
  );
}

function Drawn({ block: { kind, lines } }: { block: Block }) {
  const items = () => lines.map((line, place) => <li key={place}>{inline(line)}</li>);
  switch (kind) {
    case "bullets":
      return <ul>{items()}</ul>;
    case "steps":
      return <ol>{items()}</ol>;
    case "code":
      return <pre tabIndex={0}>{lines.join("\n")}</pre>;
    case "heading":
      // No heading of the page: it would stand in the wrong place of its outline.
      return <p><strong>{inline(lines.join(" "))}</strong></p>;
    case "quote":
      return <blockquote>{broken(lines)}</blockquote>;
    default:
      return <p>{broken(lines)}</p>;
  }
}

const broken = (lines: string[]) => lines.map((line, place) => <span key={place}>{place > 0 && <br />}{inline(line)}</span>);

const STARTS: [Block["kind"], RegExp][] = [
  ["bullets", /^\s*[-*+]\s+(.*)$/],
  ["steps", /^\s*\d{1,9}[.)]\s+(.*)$/],
  ["heading", /^#{1,6}\s+(.*)$/],
  ["quote", /^>\s?(.*)$/],
];

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  let isCode = false;
  for (const line of text.split("\n")) {
    if (line.trimStart().startsWith("```")) {
      isCode = !isCode;
      open = isCode ? begin(blocks, "code") : null;
    } else if (isCode) open?.lines.push(line);
    else if (!line.trim()) open = null;
    else open = put(blocks, open, line);
  }
  return blocks;
}

/** Add a line to the open block or to a new one; return the block that it is in. */
function put(blocks: Block[], open: Block | null, line: string): Block {
  const found = STARTS.map(([kind, pattern]) => [kind, pattern.exec(line)?.[1]] as const).find(([, rest]) => rest !== undefined);
  const [kind, rest] = found ?? ["paragraph" as const, line];
  const goesOn = open && open.kind === kind && kind !== "heading";
  const block = goesOn ? open as Block : begin(blocks, kind);
  block.lines.push(rest ?? "");
  return block;
}

function begin(blocks: Block[], kind: Block["kind"]): Block {
  const block = { kind, lines: [] };
  blocks.push(block);
  return block;
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>)]+[^\s<>).,;:!?])/g;

function inline(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, bold, bolder, italic, label, address, bare] = match;
    parts.push(text.slice(from, match.index));
    from = match.index + whole.length;
    if (code) parts.push(<code key={from}>{code}</code>);
    else if (bold || bolder) parts.push(<strong key={from}>{bold || bolder}</strong>);
    else if (italic) parts.push(<em key={from}>{italic}</em>);
    else parts.push(<Outside key={from} href={address ?? bare} plain>{label ?? bare}</Outside>);
  }
  parts.push(text.slice(from));
  return parts;
}
