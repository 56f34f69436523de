import { authorised } from "../../../session/session.ts";

/** Save all questions with their answers as a file. */
export async function exportItems(projectId: string, format: "csv" | "json"): Promise<void> {
  const response = await authorised(`/v1/projects/${projectId}/items/export?format=${format}`);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = `questions.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
