/** What can be done with a source from wherever it is shown. */
import { api } from "../../../api/client.ts";
import { removeLater } from "../../../parts/hidden.ts";
import { tellDone, tellFailure } from "../../../parts/notify.tsx";
import { useTexts } from "../../../texts/index.ts";
import { refresh, removeAt } from "../queries.ts";
import type { Source } from "../states.ts";
import { texts as shared } from "../texts.ts";
import { texts } from "./texts.ts";

const DAILY = 24;

export function useSourceActions(projectId: string) {
  const t = useTexts(texts);
  const s = useTexts(shared);
  const check = async (source: Source, hours: number | null, told: string) => {
    try {
      const path = { project_id: projectId, source_id: source.id };
      await api.PATCH("/v1/projects/{project_id}/sources/{source_id}", { params: { path }, body: { sync_every_hours: hours } });
      tellDone(told);
    } catch (error) {
      tellFailure(error);
    }
    await refresh(projectId);
  };
  return {
    pause: (source: Source) => check(source, null, t.paused(source.name)),
    resume: (source: Source) => check(source, DAILY, t.resumed(source.name)),
    remove: (source: Source) => removeLater(source.id, s.removed(source.name), () => removeAt(projectId, `sources/${source.id}`)),
  };
}
