/** The project whose settings are shown, and how a page changes its part of them. */
import { useSuspenseQuery } from "@tanstack/react-query";
import { api, type Schemas } from "../../../api/client.ts";
import { projectQuery, projectsQuery, queryClient, useMay } from "../../../api/queries.ts";
import { projectRoute } from "../../../app/roots.tsx";
import type { Call } from "../../../parts/apicalls.tsx";
import { type Checked, type Draft, saveOver, useDraft } from "../draft.ts";

export type Project = Schemas["ProjectOut"];
type Patch = Schemas["ProjectPatch"];

export const useProject = (): Project => useSuspenseQuery(projectQuery(projectRoute.useParams().projectId)).data;

type Part<D> = {
  /** What of the project the page edits. */
  of: (project: Project) => D;
  /** The draft as a merge patch. */
  patch: (draft: D, base: D) => Patch;
  check?: (draft: D) => Checked;
};

export function useProjectDraft<D extends object>({ of, patch, check }: Part<D>): { project: Project; form: Draft<D> } {
  const project = useProject();
  const may = useMay();
  const path = { params: { path: { project_id: project.id } } };
  const form = useDraft<D>({
    saved: of(project),
    canWrite: may("projects:write"),
    check,
    save: (draft, base) =>
      saveOver({
        of,
        base,
        read: () => api.GET("/v1/projects/{project_id}", path),
        write: (tag) => api.PATCH("/v1/projects/{project_id}", { params: { ...path.params, header: { "If-Match": tag } }, body: patch(draft, base) }),
        keep: keepProject,
      }),
  });
  return { project, form };
}

export function keepProject(project: Project): void {
  queryClient.setQueryData(projectQuery(project.id).queryKey, project);
  void queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey, exact: true });
}

/** The calls that show and change a project, for the panel at the foot of a page. */
export const projectCalls = (id: string, body: Patch): Call[] => [
  { method: "GET", path: `/v1/projects/${id}` },
  { method: "PATCH", path: `/v1/projects/${id}`, body },
];
