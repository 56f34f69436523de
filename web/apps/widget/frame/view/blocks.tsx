/** Draws an answer's blocks. Text stays text: there is no way from it to markup. */
import type { Block } from "@answerdesk/api";
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { placesInRows, placesOf, type Span } from "../marks.ts";
import type { Reference } from "../sources.ts";
import { useAround } from "./context.ts";

/** Blocks, each followed by the number of the source that it comes from. */
export function Blocks({ blocks, marks = [] }: { blocks: Block[]; marks?: (Reference | null)[] }): VNode {
  return (
    <>
      {blocks.map((block, place) => (
        <OneBlock key={place} block={block} mark={marks[place] ?? null} />
      ))}
    </>
  );
}

/** Plain text in paragraphs, as people write it. */
export function PlainText({ text }: { text: string }): VNode {
  const parts = text.split(/\n[^\S\n]*\n/).filter((part) => part.trim());
  return (
    <>
      {parts.map((part, place) => (
        <p key={place} dir="auto">
          <Words text={part.trim()} />
        </p>
      ))}
    </>
  );
}

function OneBlock({ block, mark }: { block: Block; mark: Reference | null }): VNode | null {
  const end = mark && <Citation reference={mark} />;
  switch (block.type) {
    case "heading":
      return <h3 dir="auto">{block.text}</h3>;
    case "paragraph":
      return (
        <p dir="auto">
          <Words text={block.text} spans={placesOf([block.text], block.marked ?? [])[0]} />
          {end}
        </p>
      );
    case "list":
      return <ul>{items(block.items, block.marked ?? [], end)}</ul>;
    case "steps":
      return <ol start={block.start}>{items(block.items, block.marked ?? [], end)}</ol>;
    case "table":
      return <Table {...block} end={end} />;
    case "code":
      return <Code text={block.text} end={end} />;
    default:
      return unknown(block, end);
  }
}

/** A kind of block that is newer than this script is shown by its text, or not at all. */
function unknown(block: unknown, end: ComponentChildren): VNode | null {
  const { text } = block as { text?: unknown };
  if (typeof text !== "string") return null;
  return (
    <p dir="auto">
      {text}
      {end}
    </p>
  );
}

function items(texts: string[], marked: string[], end: ComponentChildren): VNode[] {
  const places = placesOf(texts, marked);
  return texts.map((text, place) => (
    <li key={place} dir="auto">
      <Words text={text} spans={places[place]} />
      {place === texts.length - 1 && end}
    </li>
  ));
}

interface TableProps {
  header: string[];
  rows: string[][];
  marked?: string[];
  end: ComponentChildren;
}

function Table({ header, rows, marked = [], end }: TableProps): VNode {
  const { say } = useAround();
  const places = placesInRows(rows, marked);
  return (
    <>
      {/* A wide table scrolls in its own box, which the keyboard must reach. */}
      <div class="wide" tabIndex={0} role="group" aria-label={say("answer.table")}>
        <table>
          {header.some((cell) => cell.trim()) && (
            <thead>
              <tr>
                {header.map((cell, column) => (
                  <th key={column} scope="col" dir="auto">
                    {cell}
                  </th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {rows.map((row, number) => (
              <tr key={number}>
                {row.map((cell, column) => (
                  <td key={column} dir="auto">
                    <Words text={cell} spans={places[number]?.[column]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {end && <p class="behind">{end}</p>}
    </>
  );
}

function Code({ text, end }: { text: string; end: ComponentChildren }): VNode {
  const { say } = useAround();
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <>
      <div class="code">
        <pre tabIndex={0} role="group" aria-label={say("answer.code")}>
          <code dir="ltr">{text}</code>
        </pre>
        {"clipboard" in navigator && (
          <button type="button" class="quiet" onClick={copy}>
            {say(isCopied ? "answer.copied" : "answer.copy")}
          </button>
        )}
      </div>
      {end && <p class="behind">{end}</p>}
    </>
  );
}

function Citation({ reference: { number, title, href } }: { reference: Reference }): VNode {
  const { say } = useAround();
  const name = `${say("answer.source", { number, title })} (${say("answer.new_tab")})`;
  return (
    <sup>
      <a href={href} target="_blank" rel="noopener noreferrer" aria-label={name}>
        {number}
      </a>
    </sup>
  );
}

const ADDRESS = /https?:\/\/[^\s<>"'`]{1,500}/g;

/** A text whose marked parts and web addresses can be seen as such. */
export function Words({ text, spans = [] }: { text: string; spans?: Span[] }): VNode {
  const parts: ComponentChildren[] = [];
  let place = 0;
  for (const [start, end] of spans) {
    parts.push(...linked(text.slice(place, start)), <mark>{linked(text.slice(start, end))}</mark>);
    place = end;
  }
  parts.push(...linked(text.slice(place)));
  return <>{parts}</>;
}

function linked(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let place = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = found.replace(/[.,;:!?)\]}»”’]+$/, "");
    parts.push(
      text.slice(place, index),
      <a href={address} target="_blank" rel="noopener noreferrer">
        {address}
      </a>,
    );
    place = index + address.length;
  }
  parts.push(text.slice(place));
  return parts;
}
