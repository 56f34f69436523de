import type { paths } from "described/novachat";
import { client, data, ids, report } from "./recording.ts";

const person = { email: ids.email!, password: "MyPass123!" };
const visitors = client<paths>("");
data(await visitors.POST("/nc-api/v1/accounts", { body: { name: "My Company", ...person } }));
const { token, user } = data(await visitors.POST("/nc-api/v1/auth/login", { body: person }));

const api = client<paths>(token);
const status = data(await api.GET("/nc-api/v1/account/status"));
if (status.domains.length !== 0) throw new Error("there is a website already");
const site = { website_url: "https://mycompany.example", label: "Main Site" };
const bound = data(await api.POST("/nc-api/v1/account/bind-domain", { body: site }));
data(await api.GET("/nc-api/v1/account/domains", { params: { query: { page: 1, per_page: 5 } } }));

const bot = data(await api.POST("/nc-api/v1/agents", { body: { bot_name: "SupportBot" } }));
const agents = data(await api.GET("/nc-api/v1/agents"));
if (agents.filter((one) => one.type === "human")[0]?.id !== user.id) throw new Error("nobody");
data(
  await api.POST("/nc-api/v1/account/domains/{domain_id}/ai-config", {
    params: { path: { domain_id: String(bound.domain_id) } },
    body: { ai_bot_config_id: bot.id, is_active: true },
  }),
);

const named = { name: "My Integration", permissions: ["read" as const] };
const first = data(await api.POST("/nc-api/v1/api-keys", { body: named }));
const second = data(await api.POST("/nc-api/v1/api-keys", { body: named }));
data(await api.GET("/nc-api/v1/api-keys"));
const key_id = String(first.key.id);
data(await api.DELETE("/nc-api/v1/api-keys/{key_id}", { params: { path: { key_id } } }));
data(await api.DELETE("/nc-api/v1/api-keys", { params: { query: { id: String(second.key.id) } } }));

const returns = { title: "How long may I return goods?", content: "Thirty days.", tags: ["return"] };
const shipping = { title: "Do you ship abroad?", content: "Yes, everywhere." };
const items = "/nc-api/v1/knowledge_base/items";
const item = data(await api.POST(items, { body: returns }));
const other = data(await api.POST(items, { body: shipping }));
data(await api.GET(items));
const path = { item_id: String(item.id) };
data(await api.GET("/nc-api/v1/knowledge_base/items/{item_id}", { params: { path } }));
const changed = await api.PUT("/nc-api/v1/knowledge_base/items/{item_id}", {
  params: { path },
  body: { content: "Sixty days." },
});
if (data(changed).content !== "Sixty days.") throw new Error("the item stays");
const query = { id: String(other.id) };
data(await api.PUT(items, { params: { query }, body: { category: "Pre-sales" } }));
data(await api.DELETE(items, { params: { query } }));
data(await api.DELETE("/nc-api/v1/knowledge_base/items/{item_id}", { params: { path } }));
data(await api.POST("/nc-api/v1/knowledge_base/items/import", { body: [returns, shipping] }));
const pairs = { items: [{ question: "Do you gift-wrap?", answer: "Yes." }] };
data(await api.POST("/nc-api/v1/knowledge_base/import", { body: pairs }));

const token_of = { website_token: bound.website_token };
const begun = data(
  await visitors.POST("/api/v1/widget/conversations", {
    params: { query: token_of },
    body: { contact: { name: "John", email: "john@example.com" }, message: "Do you gift-wrap?" },
  }),
);
data(
  await visitors.POST("/api/v1/widget/messages", {
    params: { query: token_of },
    body: { conversation_id: begun.id, content: "My order #12345" },
  }),
);
const read = { query: { ...token_of, conversation_id: begun.id } };
data(await visitors.GET("/api/v1/widget/messages", { params: read }));

data(await api.GET("/nc-api/v1/conversations"));
const reply = { conversation_id: begun.id, content: "We do.", assignee_id: user.id };
data(await api.POST("/nc-api/v1/conversations", { body: reply }));
const resolved = { conversation_id: begun.id, status: "resolved" as const };
data(await api.POST("/nc-api/v1/conversations", { body: resolved }));
const shown = await api.GET("/nc-api/v1/conversations/{conversation_id}", {
  params: { path: { conversation_id: String(begun.id) } },
});
if (data(shown).status !== "resolved") throw new Error("it is open");
data(await api.GET("/api/v1/sla/status"));
data(await api.POST("/nc-api/v1/agentic-rag/analyze", { body: { conversation_id: begun.id } }));
report();
