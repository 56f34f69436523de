import type { paths } from "described/orac";
import { client, data, ids, report } from "./recording.ts";

const api = client<paths>();
const project_id = ids.project!;

const stream = await api.POST("/api/chat", {
  body: { project_id, message: "When does the ferry leave?", page_url: "https://example.com/" },
  parseAs: "text",
});
const events = data(stream as { data?: string })
  .split("\n")
  .filter((line) => line.startsWith("data: "))
  .map((line) => JSON.parse(line.slice("data: ".length)) as Record<string, string>);
const conversation_id = events[0]!.conversation_id!;
const message_id = events.at(-1)!.message_id!;

data(await api.GET("/api/widget/config", { params: { query: { id: project_id } } }));
const polled = { params: { query: { conversationId: conversation_id } } };
const { messages } = data(await api.GET("/api/widget/messages", polled));
if (!messages.some((one) => one.id === message_id)) throw new Error("the answer is not polled");
const rating = { message_id, rating: "positive" as const, reason: "accurate" };
data(await api.POST("/api/widget/feedback", { body: rating }));
const asked = { conversation_id, email: "visitor@example.com", message: "Can a human help?" };
data(await api.POST("/api/widget/escalate", { body: asked }));

data(await api.GET("/api/projects", { params: { query: { limit: 5, offset: 0 } } }));
data(await api.POST("/api/projects", { body: { name: "Another" } }));
const source = data(
  await api.POST("/api/sources", {
    body: { type: "text", title: "Piers", content: "There are nine piers.", project_id },
  }),
);
data(await api.GET("/api/sources", { params: { query: { project_id } } }));
data(await api.DELETE("/api/sources", { params: { query: { id: source.id } } }));
data(await api.GET("/api/conversations", { params: { query: { project_id, status: "waiting" } } }));
const shown = await api.GET("/api/conversations/{conversation_id}", {
  params: { path: { conversation_id } },
});
if (data(shown).status !== "waiting") throw new Error("it does not wait for a person");
data(await api.POST("/api/leads", { body: { email: "lead@example.com", name: "Kim", project_id } }));
data(await api.GET("/api/leads", { params: { query: { project_id } } }));
data(await api.GET("/api/analytics", { params: { query: { project_id } } }));

const action = data(
  await api.POST("/api/actions", {
    body: {
      name: "Order status",
      url: "https://shop.example/orders",
      parameters: [{ name: "order_id", type: "string", required: true }],
      project_id,
    },
  }),
);
const named = { params: { query: { id: action.id } } };
const changed = await api.PUT("/api/actions", { ...named, body: { fallback: "Please call us." } });
if (data(changed).fallback !== "Please call us.") throw new Error("the fallback stays");
const { actions } = data(await api.GET("/api/actions", { params: { query: { project_id } } }));
if (actions[0]?.id !== action.id) throw new Error("the action is not listed");
const tested = { ...named, body: { parameters: { order_id: "A1" } } };
if (data(await api.POST("/api/actions/test", tested)).success) throw new Error("there is no shop");
data(await api.DELETE("/api/actions", named));
report();
