/** Importing a table of questions with answers, as a whole or not at all. */
import { Problem, type RowFault } from "@answerdesk/api";
import { FileInput, Table as Grid } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../../parts/icons.tsx";
import { tellDone } from "../../../parts/notify.tsx";
import { authorised } from "../../../session/session.ts";
import type { Schemas } from "../../../api/client.ts";
import { useTexts } from "../../../texts/index.ts";
import { Form, Sheet, useSending } from "../form.tsx";
import { refresh } from "../queries.ts";
import { texts as shared } from "../texts.ts";
import classes from "./items.module.css";
import { previewOf, type Table } from "./table.ts";
import { texts } from "./texts.ts";

export function ImportSheet({ projectId, isOpen, close }: { projectId: string; isOpen: boolean; close: () => void }) {
  const s = useTexts(shared);
  return <Sheet title={s.addImport} isOpen={isOpen} close={close} wide><ImportForm projectId={projectId} close={close} /></Sheet>;
}

function ImportForm({ projectId, close }: { projectId: string; close: () => void }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const [file, setFile] = useState<File | null>(null);
  const [table, setTable] = useState<Table | null>(null);
  const [faults, setFaults] = useState<readonly RowFault[]>([]);
  const sending = useSending({ name: file?.name, size: file?.size }, async () => {
    if (!file) return;
    try {
      const { items } = await send(projectId, file);
      const added = items.filter(({ created }) => created).length;
      tellDone(t.imported(added, items.length - added));
    } catch (error) {
      setFaults(error instanceof Problem ? error.rows : []);
      throw error;
    }
    close();
    await refresh(projectId);
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setFaults([]);
    setTable(null);
    sending.clear();
    if (chosen) void previewOf(chosen).then(setTable);
  };
  return (
    <Form label={s.addImport} yes={t.importIt} sending={sending} close={close}>
      <FileInput data-autofocus required label={t.file} placeholder={t.chooseFile} description={t.fileNote} accept=".csv,.tsv,.json,.jsonl" leftSection={<Icon name="file" size={16} />} value={file} onChange={choose} />
      {faults.length > 0 && <Faults faults={faults} />}
      {file && faults.length === 0 && (table ? <Preview table={table} /> : <p className={classes.note}>{t.noPreview}</p>)}
    </Form>
  );
}

async function send(projectId: string, file: File): Promise<Schemas["ImportOut"]> {
  const form = new FormData();
  form.append("file", file);
  return (await authorised(`/v1/projects/${projectId}/items/import`, { method: "POST", body: form })).json();
}

function Preview({ table: { rows, all } }: { table: Table }) {
  const t = useTexts(texts);
  return (
    <div className={classes.grid} role="region" aria-label={t.previewOf(rows.length, all)} tabIndex={0}>
      <Grid captionSide="top">
        <Grid.Caption>{t.previewOf(rows.length, all)}</Grid.Caption>
        <Grid.Thead><Grid.Tr><Grid.Th>{t.question}</Grid.Th><Grid.Th>{t.answer}</Grid.Th><Grid.Th>{t.category}</Grid.Th></Grid.Tr></Grid.Thead>
        <Grid.Tbody>
          {rows.map((row, place) => <Grid.Tr key={place}><Grid.Td dir="auto">{row.question}</Grid.Td><Grid.Td dir="auto">{row.answer}</Grid.Td><Grid.Td dir="auto">{row.category}</Grid.Td></Grid.Tr>)}
        </Grid.Tbody>
      </Grid>
    </div>
  );
}

function Faults({ faults }: { faults: readonly RowFault[] }) {
  const t = useTexts(texts);
  return (
    <div className={classes.grid} role="region" aria-label={t.wrongRows} tabIndex={0}>
      <Grid>
        <Grid.Thead><Grid.Tr><Grid.Th>{t.row}</Grid.Th><Grid.Th>{t.column}</Grid.Th><Grid.Th>{t.wrong}</Grid.Th></Grid.Tr></Grid.Thead>
        <Grid.Tbody>
          {faults.map(({ row, field, message }, place) => <Grid.Tr key={place}><Grid.Th scope="row">{row}</Grid.Th><Grid.Td>{field}</Grid.Td><Grid.Td>{message}</Grid.Td></Grid.Tr>)}
        </Grid.Tbody>
      </Grid>
    </div>
  );
}
