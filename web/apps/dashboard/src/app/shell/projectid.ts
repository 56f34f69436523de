import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { projectsQuery } from "../../api/queries.ts";
import { lastProject } from "../project.ts";

/** The project of the address, which a page of the whole account may name as well, else the one of the last visit, else the first; null without any. */
export function useProjectId(): string | null {
  const { projectId } = useParams({ strict: false }) as { projectId?: string };
  const { project } = useSearch({ strict: false }) as { project?: string };
  const { data: projects = [] } = useQuery(projectsQuery);
  if (projectId) return projectId;
  const last = lastProject();
  return (projects.find(({ id }) => id === project) ?? projects.find(({ id }) => id === last) ?? projects[0])?.id ?? null;
}
