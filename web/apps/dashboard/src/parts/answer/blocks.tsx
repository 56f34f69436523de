/** An answer as visitors see it: its blocks, what is marked in them, the numbers of its sources. */
import type { ReactNode } from "react";
import type { Schemas } from "../../api/client.ts";
import { useTexts } from "../../texts/index.ts";
import { harmless } from "../outside.tsx";
import { texts } from "../texts.ts";
import classes from "./answer.module.css";
import { type Marks, shared, sharedInRows, spans } from "./marks.ts";

export type Block = Schemas["RecordedMessageOut"]["blocks"][number];
export type Source = Schemas["CitedSource"];

type Props = { blocks: readonly Block[]; sources?: readonly Source[] };

export function Blocks({ blocks, sources = [] }: Props) {
  const numbers = numbered(sources);
  return (
    <div className={classes.blocks}>
      {blocks.map((block, place) => {
        const source = block.source ?? null;
        // One number for what stands together.
        const isLast = source !== null && source !== (blocks[place + 1]?.source ?? null);
        return <Drawn key={place} block={block} end={isLast && numbers[source] ? <Reference number={numbers[source]} source={sources[source]} /> : null} />;
      })}
    </div>
  );
}

/** The sources under an answer, each once. */
export function Sources({ sources }: { sources: readonly Source[] }) {
  const t = useTexts(texts);
  const numbers = numbered(sources);
  const shown = sources.filter((_, place) => numbers.findIndex((one) => one === numbers[place]) === place);
  if (!shown.length) return null;
  return (
    <div role="group" className={classes.sources} aria-label={t.sources}>
      <ol>
        {shown.map((source, place) => (
          <li key={place}>
            <SourceLink source={source}>{source.title || source.document}</SourceLink>
            {source.quote && <q className={classes.quote} dir="auto">{source.quote}</q>}
          </li>
        ))}
      </ol>
    </div>
  );
}

function SourceLink({ source, children, label }: { source: Source | undefined; children: ReactNode; label?: string }) {
  const href = harmless(source?.url);
  if (!href) return <span dir="auto">{children}</span>;
  return <a href={href} target="_blank" rel="noopener noreferrer" dir="auto" aria-label={label}>{children}</a>;
}

function Reference({ number, source }: { number: number; source: Source | undefined }) {
  const t = useTexts(texts);
  return <sup className={classes.reference}><SourceLink source={source} label={t.source(number)}>{number}</SourceLink></sup>;
}

/** Two passages of the same place have the same number. */
function numbered(sources: readonly Source[]): number[] {
  const known = new Map<string, number>();
  return sources.map(({ url, heading_path }) => {
    const key = JSON.stringify([url, heading_path]);
    if (!known.has(key)) known.set(key, known.size + 1);
    return known.get(key) as number;
  });
}

function Drawn({ block, end }: { block: Block; end: ReactNode }) {
  switch (block.type) {
    case "heading":
      return <p className={classes.heading} dir="auto">{block.text}</p>;
    case "list":
    case "steps": {
      const last = block.items.length - 1;
      const marks = shared(block.items, block);
      const items = block.items.map((item, place) => <li key={place} dir="auto"><Marked text={item} of={marks[place]} />{place === last && end}</li>);
      return block.type === "list" ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
    case "table":
      return <Rows block={block} end={end} />;
    case "code":
      return <pre className={classes.code} dir="ltr" tabIndex={0}><code>{block.text}</code></pre>;
    default:
      return <p dir="auto" className={classes.paragraph}><Marked text={block.text} of={block} />{end}</p>;
  }
}

function Rows({ block, end }: { block: Schemas["Table"]; end: ReactNode }) {
  const t = useTexts(texts);
  const marks = sharedInRows(block.rows, block);
  return (
    // A wide table scrolls in its own box, which has to be reachable by keyboard.
    <div className={classes.table} tabIndex={0} role="group" aria-label={t.table}>
      <table>
        {block.header.some((cell) => cell.trim()) && (
          <thead><tr>{block.header.map((cell, column) => <th key={column} scope="col" dir="auto">{cell}</th>)}</tr></thead>
        )}
        <tbody>
          {block.rows.map((row, place) => (
            <tr key={place} data-marked={marks[place]?.isMarked || undefined}>
              {row.map((cell, column) => <td key={column} dir="auto"><Marked text={cell} of={marks[place]?.cells[column]} /></td>)}
            </tr>
          ))}
        </tbody>
      </table>
      {end}
    </div>
  );
}

/** A text in which what answers, and what no source says, stand out. */
function Marked({ text, of = {} }: { text: string; of?: Marks }) {
  const t = useTexts(texts);
  return spans(text, of).map(({ said, kind }, place) => {
    if (kind === "marked") return <mark key={place} className={classes.marked}>{said}</mark>;
    if (kind === "unsupported") return <span key={place} className={classes.unsupported} title={t.unsupported}>{said}</span>;
    return said;
  });
}
