/** The files that are being added on this page, each with how far it is or why it was refused. */
import { ActionIcon, Button } from "@mantine/core";
import { Icon } from "../../../parts/icons.tsx";
import { bytes } from "../../../texts/formats.ts";
import { useTexts } from "../../../texts/index.ts";
import { Bar, Mark } from "../mark.tsx";
import { texts as shared } from "../texts.ts";
import classes from "./files.module.css";
import { texts } from "./texts.ts";
import { dismiss, tryAgain, type Upload, useUploads } from "./uploading.ts";

export function Uploads({ projectId }: { projectId: string }) {
  const t = useTexts(texts);
  const uploads = useUploads(projectId);
  if (!uploads.length) return null;
  return (
    <ul className={classes.uploads} aria-label={t.uploads}>
      {uploads.map((upload) => <Row key={upload.id} upload={upload} />)}
    </ul>
  );
}

function Row({ upload }: { upload: Upload }) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const { id, file, state, document, reason, isRetriable } = upload;
  const isOver = state === "done" || state === "refused";
  return (
    <li className={classes.upload}>
      <div className={classes.head}>
        <span className={classes.name} dir="auto">{file.name}</span>
        <span className={classes.note}>{bytes(file.size)}</span>
        {state === "done" && <Mark state={{ tone: "good", text: s.good }} />}
        {state === "refused" && <Mark state={{ tone: "bad", text: t.refused }} />}
        {isRetriable && state === "refused" && <Button size="compact-xs" variant="default" onClick={() => tryAgain(id)}>{t.again}</Button>}
        {isOver && <ActionIcon className={classes.end} variant="subtle" color="gray" aria-label={t.dismiss(file.name)} onClick={() => dismiss(id)}><Icon name="close" size={16} /></ActionIcon>}
      </div>
      {!isOver && <Bar value={share(upload)} label={t.upload(file.name)} />}
      <p className={state === "refused" ? classes.reason : classes.note}>{told(upload, t) || (document && s.passages(document.chunk_count)) || reason}</p>
    </li>
  );
}

/** How far it is: the sending, then the taking in. */
function share({ state, sent, document }: Upload): number | null {
  if (state === "sending") return sent;
  return document?.chunks_total ? (document.chunks_done ?? 0) / document.chunks_total : null;
}

function told({ state, sent, document }: Upload, t: (typeof texts)["en"]): string {
  switch (state) {
    case "waits":
      return t.waits;
    case "sending":
      return t.sending(Math.floor(sent * 100));
    case "reading":
      return t.reading;
    case "pending":
      return document?.chunks_total ? t.takingIn(document.chunks_done ?? 0, document.chunks_total) : t.arrived;
    default:
      return "";
  }
}
