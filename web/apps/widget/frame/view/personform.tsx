/** The form that passes the conversation on to a person. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { LeadField } from "../settings.ts";
import { useAround } from "./context.ts";
import { ContactFields, Consent, failureText, readContact } from "./contact.tsx";

const LONGEST_MESSAGE = 8000;

export function PersonForm({ close }: { close: () => void }): VNode {
  const { say, chat, settings } = useAround();
  const dialog = useRef<HTMLDialogElement>(null);
  const [failure, setFailure] = useState("");
  const [isSending, setSending] = useState(false);
  const { leadForm } = settings;
  const fields: LeadField[] = leadForm?.fields ?? ["email"];
  // The browser gives the focus back to what opened it.
  useEffect(() => dialog.current?.showModal(), []);

  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const contact = readContact(given);
    setFailure("");
    setSending(true);
    try {
      await chat.askForPerson(contact, given.has("consent") ? (leadForm?.consentText ?? null) : null);
      dialog.current?.close();
      // The server says that it was passed on; what it was given is not said there.
      if (contact.email) chat.note(say("person.requested_email", { email: contact.email }));
    } catch (error) {
      setFailure(say(failureText(error)));
    } finally {
      setSending(false);
    }
  };

  return (
    <dialog ref={dialog} aria-labelledby="person-title" onClose={close}>
      <form onSubmit={send} noValidate>
        <h2 id="person-title">{say("person.title")}</h2>
        <p dir="auto">{leadForm?.message || say("person.offer")}</p>
        <ContactFields id="person" fields={fields} />
        <label for="person-message">{say("person.message")}</label>
        <textarea id="person-message" name="message" rows={3} maxLength={LONGEST_MESSAGE} dir="auto" />
        <Consent text={leadForm?.consentText ?? null} />
        {failure && (
          <p class="failure" role="alert">
            {failure}
          </p>
        )}
        <p class="actions">
          <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
            {say("person.cancel")}
          </button>
          <button type="submit" class="primary" disabled={isSending}>
            {say("person.submit")}
          </button>
        </p>
      </form>
    </dialog>
  );
}
