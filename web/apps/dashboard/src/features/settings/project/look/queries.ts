/** Our own texts of the widget, which the owner's replace, and what the chat would show with changes. */
import { queryOptions } from "@tanstack/react-query";
import { request, withJson } from "@answerdesk/api";
import { authorised } from "../../../../session/session.ts";
import type { Texts } from "../owntexts.ts";

/** By language and key. */
export type OwnTexts = { fallback: string; texts: Texts };

/** What the frame is told; only what is drawn around it is named here. */
export type Shown = { look: { color: string; ink: string; gradient: { color: string; at: number }[]; position: string } };

export const writtenTextsQuery = queryOptions({
  queryKey: ["widget-texts"],
  queryFn: async (): Promise<OwnTexts> => (await request("/embed/texts")).json(),
  staleTime: Number.POSITIVE_INFINITY,
});

export async function tryOut(projectId: string, settings: object, locale: string): Promise<Shown> {
  return (await authorised(`/embed/preview/${encodeURIComponent(projectId)}`, withJson({ settings, locale }))).json();
}
