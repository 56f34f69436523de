/** An answer as visitors see it: its blocks, what is marked in them, the numbers of its sources. */
import { Fragment, type ReactNode } from "react";
import { saidFrom, sourceAddress } from "@answerdesk/api";
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
  const cited = citedOf(sources, blocks);
  return (
    <div className={classes.blocks}>
      {blocks.map((block, place) => {
        const source = block.source ?? null;
        // One number for what stands together.
        const isLast = source !== null && source !== (blocks[place + 1]?.source ?? null);
        const one = isLast ? cited[source] : undefined;
        return <Drawn key={place} block={block} end={one ? <Reference cited={one} /> : null} />;
      })}
    </div>
  );
}

/** The sources under an answer, each once. */
export function Sources({ sources, blocks }: { sources: readonly Source[]; blocks?: readonly Block[] }) {
  const t = useTexts(texts);
  const shown = eachOnce(sources, blocks);
  if (!shown.length) return null;
  return (
    <div role="group" className={classes.sources} aria-label={t.sources}>
      <ol>
        {shown.map((cited) => (
          <li key={cited.number}>
            <SourceLink cited={cited}>{nameOf(cited)}</SourceLink>
            {cited.source.quote && <q className={classes.quote} dir="auto">{cited.source.quote}</q>}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The names of the sources in a line, each once. */
export function SourceNames({ sources }: { sources: readonly Source[] }) {
  return eachOnce(sources).map((cited, place) => (
    <Fragment key={cited.number}>{place > 0 && ", "}<SourceLink cited={cited}>{nameOf(cited)}</SourceLink></Fragment>
  ));
}

function SourceLink({ cited: { source, said }, children, label }: { cited: Cited; children: ReactNode; label?: string }) {
  const address = harmless(source.url);
  if (address === null) return <span dir="auto">{children}</span>;
  return <a href={sourceAddress(new URL(address), said, location.origin)} target="_blank" rel="noopener noreferrer" dir="auto" aria-label={label}>{children}</a>;
}

function Reference({ cited }: { cited: Cited }) {
  const t = useTexts(texts);
  return <sup className={classes.reference}><SourceLink cited={cited} label={t.source(cited.number)}>{cited.number}</SourceLink></sup>;
}

/** A source with its number, and what the answer says from it. */
type Cited = { source: Source; number: number; said: string };

/** Two passages of the same place have the same number. */
function citedOf(sources: readonly Source[], blocks: readonly Block[] = []): Cited[] {
  const known = new Map<string, Cited>();
  return sources.map((source, place) => {
    const key = JSON.stringify([source.url, source.heading_path]);
    const cited = known.get(key) ?? { source, number: known.size + 1, said: saidFrom(place, source.quote, blocks) };
    known.set(key, cited);
    return cited;
  });
}

const eachOnce = (sources: readonly Source[], blocks?: readonly Block[]) => [...new Set(citedOf(sources, blocks))];

const nameOf = ({ source }: Cited) => source.title || source.document;

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
