/** Fields for how somebody can be reached. */
import type { VNode } from "preact";
import type { LeadField } from "../settings.ts";
import { useAround } from "./context.ts";

const KINDS = {
  name: { type: "text", autocomplete: "name", maxLength: 200 },
  email: { type: "email", autocomplete: "email", maxLength: 320 },
  phone: { type: "tel", autocomplete: "tel", maxLength: 50 },
} as const;

export function ContactFields({ fields }: { fields: LeadField[] }): VNode {
  const { say } = useAround();
  return (
    <>
      {fields.map((name) => (
        <div key={name} class="field">
          <label for={`contact-${name}`}>{say("lead.optional", { label: say(`lead.${name}`) })}</label>
          <input id={`contact-${name}`} name={name} dir="auto" {...KINDS[name]} />
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
