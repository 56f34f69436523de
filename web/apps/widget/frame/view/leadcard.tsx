/** Asks how the visitor can be reached, where the assistant has no answer or a person is waited for. */
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { LeadForm } from "../settings.ts";
import { Consent, ContactFields, failureText, readContact } from "./contact.tsx";
import { useAround } from "./context.ts";

export function LeadCard(): VNode | null {
  const { chat, settings } = useAround();
  const { leadForm } = settings;
  const last = chat.entries.value.findLast((one) => one.kind === "assistant" && one.id);
  const isWanted = chat.person.state.value === "waiting" || (last?.kind === "assistant" && last.abstained);
  if (!leadForm || !isWanted || chat.isReachable.value || chat.isBusy.value) return null;
  return <Card form={leadForm} />;
}

function Card({ form }: { form: LeadForm }): VNode {
  const { say, chat, focus } = useAround();
  const [failure, setFailure] = useState("");
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    try {
      await chat.leaveContact(readContact(given), given.has("consent") ? form.consentText : null);
      chat.note(say("lead.thanks"));
      focus();
    } catch (error) {
      setFailure(say(failureText(error)));
    }
  };
  const skip = () => {
    void chat.leaveContact(null);
    focus();
  };
  return (
    <form class="card" aria-label={say("lead.title")} onSubmit={send} noValidate>
      <h2>{say("lead.title")}</h2>
      {form.message && <p dir="auto">{form.message}</p>}
      <ContactFields id="lead" fields={form.fields} />
      <Consent text={form.consentText} />
      {failure && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      <p class="actions">
        <button type="button" class="quiet" onClick={skip}>
          {say("lead.skip")}
        </button>
        <button type="submit" class="primary">
          {say("lead.submit")}
        </button>
      </p>
    </form>
  );
}
