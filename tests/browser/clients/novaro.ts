import type { paths } from "described/novaro";
import { client, data, ids, report } from "./recording.ts";

const api = client<paths>();
const messages = [{ role: "user" as const, content: "When does the ferry leave?" }];

data(await api.GET("/api/v1/auth/verify"));

const made = await api.POST("/api/v1/agents", {
  body: { name: "Anna", timezone: "Europe/Oslo", projectId: ids.project! },
});
const agent_id = data(made).id;
const agent = { params: { path: { agent_id } } };
data(await api.GET("/api/v1/agents", { params: { query: { limit: 10 } } }));
data(await api.GET("/api/v1/agents/{agent_id}", agent));
data(await api.PUT("/api/v1/agents/{agent_id}", { ...agent, body: { instructions: "Be brief." } }));
const batch = { body: { agents: [{ name: "Ben" }, { name: "Cleo" }] } };
const { agents } = data(await api.POST("/api/v1/agents/batch", batch));

const named = { name: "Piers", text: "There are nine piers.", projectId: ids.project! };
const context_id = data(await api.POST("/api/v1/contexts", { body: named })).id;
const context = { params: { path: { context_id } } };
data(await api.GET("/api/v1/contexts"));
data(await api.GET("/api/v1/contexts/{context_id}", context));
data(await api.PUT("/api/v1/contexts/{context_id}", { ...context, body: { name: "All piers" } }));

const response = data(
  await api.POST("/api/v1/messages", {
    body: { agentId: agent_id, messages, contexts: [context_id] },
  }),
);
if (typeof response === "string" || response.messages[0]?.role !== "assistant") {
  throw new Error("nobody responded");
}
await api.POST("/api/v1/messages", {
  body: { agentId: agent_id, messages },
  headers: { Accept: "text/event-stream" },
  parseAs: "text",
});

const webhook = data(await api.POST("/api/v1/webhooks", { body: { url: ids.receiver! } }));
data(await api.GET("/api/v1/webhooks"));
const requested = await api.POST("/api/v1/messages/async", {
  body: { agentId: agent_id, webhookId: webhook.id, messages, reference: "A1" },
});
const reply = { params: { path: { reply_id: data(requested).id } } };
data(await api.GET("/api/v1/messages/async/{reply_id}", reply));
await api.DELETE("/api/v1/messages/async/{reply_id}", reply);

await api.DELETE("/api/v1/contexts/{context_id}", context);
for (const one of agents) {
  await api.DELETE("/api/v1/agents/{agent_id}", { params: { path: { agent_id: one.id } } });
}
report();
