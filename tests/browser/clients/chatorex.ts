import type { paths } from "described/chatorex";
import { client, data, ids, report } from "./recording.ts";

const api = client<paths>();
const chatbot_id = ids.project!;

const chat = data(
  await api.POST("/api/chat", { body: { message: "When does the ferry leave?", chatbot_id } }),
);
data(
  await api.POST("/api/chat", {
    body: { message: "Thank you", chatbot_id, session_id: chat.session_id },
  }),
);
const source = data(
  await api.POST("/api/sources", {
    body: { type: "text", title: "Piers", content: "There are nine piers.", chatbot_id },
  }),
);
const { sources } = data(await api.GET("/api/sources", { params: { query: { chatbot_id } } }));
if (!sources.some((one) => one.id === source.id)) throw new Error("the source is not listed");
data(await api.DELETE("/api/sources", { params: { query: { id: source.id } } }));
data(await api.GET("/api/leads", { params: { query: { chatbot_id } } }));
data(await api.GET("/api/widget-config", { params: { query: { chatbot_id } } }));
data(await api.GET("/api/widget-settings", { params: { query: { chatbot_id } } }));
const changed = await api.PUT("/api/widget-settings", {
  params: { query: { chatbot_id } },
  body: { primary_color: "#4F46E5", welcome_message: "Hi!", position: "bottom-right" },
});
if (data(changed).primary_color !== "#4F46E5") throw new Error("the colour stays");
report();
