import type { paths } from "described/noras";
import { client, data, ids, report } from "./recording.ts";

const api = client<paths>();
const path = { widget_key: ids.widget! };

const chat = data(
  await api.POST("/api/chat", {
    body: {
      widget_key: path.widget_key,
      message: "When does the ferry leave?",
      user_code: "user_456",
      context: { page_url: "https://example.com/contact", user_name: "John Doe" },
    },
  }),
);
const listed = data(
  await api.GET("/api/conversations/{widget_key}", {
    params: { path, query: { limit: 10, offset: 0, user_code: "user_456" } },
  }),
);
if (listed.conversations[0]?.id !== chat.conversation_id) throw new Error("the chat is not listed");
const { widgets } = data(await api.GET("/api/widgets"));
if (!widgets.some((one) => one.widget_key === path.widget_key)) throw new Error("no such widget");
data(await api.GET("/api/widgets/{widget_key}", { params: { path } }));
const put = await api.PUT("/api/widgets/{widget_key}", {
  params: { path },
  body: { welcome_message: "Ahoy!" },
});
if (data(put).widget.welcome_message !== "Ahoy!") throw new Error("the welcome stays");
data(await api.PATCH("/api/widgets/{widget_key}", { params: { path }, body: { name: "Ferries" } }));
const query = { from: "2026-01-01", to: "2026-01-31" };
data(await api.GET("/api/analytics", { params: { query } }));
data(await api.GET("/api/analytics/{widget_key}", { params: { path, query } }));
report();
