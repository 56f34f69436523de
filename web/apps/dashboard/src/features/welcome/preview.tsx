/** One question to try, on the page where visitors ask. */
import { Outside } from "../../parts/outside.tsx";
import { useTexts } from "../../texts/index.ts";
import { texts } from "./texts.ts";
import classes from "./welcome.module.css";

export function Preview({ projectId, isReady }: { projectId: string; isReady: boolean }) {
  const t = useTexts(texts);
  return (
    <div className={classes.preview}>
      <p className={classes.note}>{isReady ? t.tryLead : t.notYet}</p>
      {isReady && <Outside href={`/?project=${encodeURIComponent(projectId)}`}>{t.ask}</Outside>}
    </div>
  );
}
