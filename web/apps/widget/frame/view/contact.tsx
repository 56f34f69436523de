/** Fields for how somebody can be reached. */
import { Problem } from "@answerdesk/api";
import type { VNode } from "preact";
import type { LeadField } from "../settings.ts";
import type { Contact } from "../visitor.ts";
import { useAround } from "./context.ts";

const KINDS = {
  name: { type: "text", autocomplete: "name", maxLength: 200 },
  email: { type: "email", autocomplete: "email", maxLength: 320 },
  phone: { type: "tel", autocomplete: "tel", maxLength: 50 },
} as const;

export function ContactFields({ id, fields }: { id: string; fields: LeadField[] }): VNode {
  const { say } = useAround();
  return (
    <>
      {fields.map((name) => (
        <div key={name} class="field">
          <label for={`${id}-${name}`}>{say("lead.optional", { label: say(`lead.${name}`) })}</label>
          <input id={`${id}-${name}`} name={name} dir="auto" {...KINDS[name]} />
        </div>
      ))}
    </>
  );
}

/** What the visitor agrees to, word for word. */
export function Consent({ text }: { text: string | null }): VNode | null {
  if (text === null) return null;
  return (
    <label class="tick">
      <input type="checkbox" name="consent" />
      <span dir="auto">{text}</span>
    </label>
  );
}

/** What a form with these fields was given. */
export function readContact(given: FormData): Contact {
  const text = (name: string) => String(given.get(name) ?? "").trim();
  return { name: text("name"), email: text("email"), phone: text("phone"), message: text("message") };
}

const FAILURES: Record<string, string> = {
  email_invalid: "lead.email_invalid",
  consent_missing: "lead.consent_missing",
  contact_missing: "lead.missing",
  rate_limited: "error.limited",
  unreachable: "connection.offline",
};

/** The key of the text that says why contact details were not taken. */
export const failureText = (error: unknown): string =>
  (error instanceof Problem && FAILURES[error.code]) || "error.unknown";
