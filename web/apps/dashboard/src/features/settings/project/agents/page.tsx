/** Who speaks for the project: the agents, one of them in a form, and texts for their delayed replies. */
import { useSuspenseQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Page } from "../../../../parts/page.tsx";
import { Failure } from "../../../../parts/states.tsx";
import { Problem } from "@answerdesk/api";
import { useTexts } from "../../../../texts/index.ts";
import { texts as placeTexts } from "../../texts.ts";
import { useProject } from "../project.ts";
import { Contexts } from "./contexts.tsx";
import { AgentForm, Back } from "./form.tsx";
import { AgentList } from "./list.tsx";
import { agentsQuery } from "./queries.ts";
import { texts } from "./texts.ts";

export function AgentsPage() {
  const t = useTexts(texts);
  const title = useTexts(placeTexts).agents;
  const project = useProject();
  const { data: agents } = useSuspenseQuery(agentsQuery(project.id));
  const { agent: chosen } = useSearch({ strict: false }) as { agent?: string };
  const agent = agents.find(({ id }) => id === chosen);
  if (chosen && !agent) return <Page title={title} lead={<Back projectId={project.id} />}><Failure error={new Problem("", "agent_not_found", 404)} /></Page>;
  if (agent) return <AgentForm key={agent.id} agent={agent} project={project} />;
  const at = `/v1/projects/${project.id}`;
  return (
    <Page title={title} lead={t.lead}>
      <AgentList agents={agents} project={project} />
      <Contexts projectId={project.id} />
      <ApiCalls calls={[{ method: "GET", path: `${at}/agents` }, { method: "POST", path: `${at}/agents`, body: { name: "Ada" } }, { method: "GET", path: `${at}/contexts` }]} />
    </Page>
  );
}
