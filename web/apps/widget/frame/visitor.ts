/** The visitors' API, for the one visitor of this frame. */
import {
  follow,
  Problem,
  request,
  withJson,
  type ChatEvent,
  type Conversation,
  type MessagePage,
  type StoredMessage,
} from "@answerdesk/api";

/** What shows the server that the visitor is the same as before, or whom the site has signed for. */
export interface Proof {
  visitor_token?: string;
  resume_token?: string;
  identity_token?: string;
}

export interface Visit {
  visitor_token: string;
  resume_token: string;
}

export interface Contact {
  name?: string;
  email?: string;
  phone?: string;
  message?: string;
}

/** Where the visitor is, in the API's names. */
export type Where = { page_url?: string; website_token?: string; context?: string };

export class VisitorClient {
  readonly #project: string;
  readonly #where: () => Where;
  readonly #visited: (visit: Visit) => void;
  #proof: Proof = {};
  #token = "";
  /** The visit that is being begun, shared by all calls. */
  #beginning: Promise<string> | null = null;

  constructor(project: string, where: () => Where, visited: (visit: Visit) => void) {
    this.#project = project;
    this.#where = where;
    this.#visited = visited;
  }

  /** Be somebody: the next call begins a session with this proof. */
  become(proof: Proof): void {
    this.#proof = proof;
    this.#token = "";
    this.#beginning = null;
  }

  /** The present session's token, as the proof of who becomes somebody else. */
  get token(): string {
    return this.#token;
  }

  /** Begin the session, if it is not begun. */
  async arrive(): Promise<void> {
    if (!this.#token) await this.#begin();
  }

  /** Send a message; the same key again is the same message, and gets the same reply. */
  chat(message: string, conversationId: string, key: string, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const continued = conversationId && { conversation_id: conversationId };
    const body = { message, ...continued, ...this.#where() };
    const headers = { "Idempotency-Key": key };
    return follow((line) => this.#call("/chat", withJson(body, { signal: line, headers })), signal);
  }

  /** All messages from a time on, or all; oldest first. */
  async messages(conversationId: string, since: string): Promise<StoredMessage[]> {
    const found: StoredMessage[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query = new URLSearchParams({ ...(since && { since }), ...(cursor && { cursor }) });
      const page = (await this.#json(`/conversations/${conversationId}/messages?${query}`)) as MessagePage;
      found.push(...page.items);
      cursor = page.next_cursor ?? null;
    }
    return found;
  }

  /** The conversation that was last active, if the visitor has one. */
  async latest(): Promise<Conversation | null> {
    const { items } = (await this.#json("/conversations?limit=1")) as { items: Conversation[] };
    return items[0] ?? null;
  }

  async rate(conversationId: string, messageId: string, rating: string, reason?: string): Promise<void> {
    const body = { message_id: messageId, rating, ...(reason && { reason }) };
    await this.#call(`/conversations/${conversationId}/feedback`, withJson(body));
  }

  async rateConversation(conversationId: string, score: number, comment: string): Promise<void> {
    await this.#call(`/conversations/${conversationId}/rating`, withJson({ score, comment: comment || null }));
  }

  /** Ask for a person. `consent` is the sentence that the visitor agreed to. */
  async escalate(conversationId: string, contact: Contact, consent: string | null): Promise<void> {
    await this.#call(`/conversations/${conversationId}/escalate`, withJson(this.#agreed(contact, consent)));
  }

  /** Leave contact details, without asking for anybody. */
  async leaveContact(conversationId: string, contact: Contact, consent: string | null): Promise<void> {
    await this.#call(`/conversations/${conversationId}/lead`, withJson(this.#agreed(contact, consent)));
  }

  stream(conversationId: string, cursor: string, signal: AbortSignal): Promise<Response> {
    const query = new URLSearchParams(cursor ? { cursor } : {});
    return this.#call(`/conversations/${conversationId}/stream?${query}`, { signal });
  }

  async typing(conversationId: string): Promise<void> {
    await this.#call(`/conversations/${conversationId}/typing`, { method: "POST" });
  }

  #agreed(contact: Contact, consent: string | null): object {
    const given = Object.fromEntries(Object.entries(contact).filter(([, value]) => value));
    const { page_url } = this.#where();
    return { ...given, ...(consent && { consent: { text: consent, ...(page_url && { page_url }) } }) };
  }

  async #json(path: string): Promise<unknown> {
    return (await this.#call(path)).json();
  }

  /** Send a request with the token; a token that no longer holds is renewed once. */
  async #call(path: string, options: RequestInit = {}): Promise<Response> {
    const token = this.#token || (await this.#begin());
    try {
      return await send(path, options, token);
    } catch (error) {
      if (!isUnauthorised(error)) throw error;
      // Another call may have renewed it meanwhile.
      return send(path, options, this.#token === token ? await this.#begin() : this.#token);
    }
  }

  #begin(): Promise<string> {
    if (this.#beginning) return this.#beginning;
    const known = this.#token && { visitor_token: this.#token };
    const beginning = this.#visit({ ...this.#proof, ...known }).finally(() => {
      if (this.#beginning === beginning) this.#beginning = null;
    });
    this.#beginning = beginning;
    return beginning;
  }

  async #visit(proof: Proof): Promise<string> {
    const body = proof.visitor_token ? { ...proof, resume_token: undefined } : proof;
    try {
      const response = await request(`/visits/${this.#project}`, withJson(body));
      const visit = (await response.json()) as Visit;
      this.#token = visit.visitor_token;
      this.#visited(visit);
      return visit.visitor_token;
    } catch (error) {
      // After a week away, or if the visitor was erased, somebody new begins. Nobody signs in that way.
      const isNobody = !proof.visitor_token && !proof.resume_token;
      if (isNobody || proof.identity_token || !isUnauthorised(error)) throw error;
      this.#token = "";
      return this.#visit({});
    }
  }
}

const isUnauthorised = (error: unknown): boolean => error instanceof Problem && error.status === 401;

function send(path: string, options: RequestInit, token: string): Promise<Response> {
  const headers = { ...options.headers, Authorization: `Bearer ${token}` };
  return request(`/v1/visitor${path}`, { ...options, headers });
}
