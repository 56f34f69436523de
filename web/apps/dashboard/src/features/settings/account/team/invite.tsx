/** Inviting somebody; the link is shown, since not every installation can send mail. */
import { NativeSelect, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, data, type Schemas } from "../../../../api/client.ts";
import { useMe } from "../../../../api/queries.ts";
import { useTexts } from "../../../../texts/index.ts";
import { FormDialog } from "../../../../parts/formdialog.tsx";
import { SecretDialog } from "../parts/secretdialog.tsx";
import { invitationsQuery, type Role, ROLES } from "./queries.ts";
import { texts } from "./texts.ts";

const NEW = { email: "", role: "agent" as Role };

export function Invite({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const isOwner = useMe().role === "owner";
  const [typed, setTyped] = useState(NEW);
  const [made, setMade] = useState<Schemas["InvitationMade"] | null>(null);
  const send = async () => {
    setMade(await data(api.POST("/v1/invitations", { body: { ...typed, email: typed.email.trim() } })));
    setTyped(NEW);
    void client.invalidateQueries(invitationsQuery);
  };
  return (
    <>
      <FormDialog opened={opened} onClose={onClose} title={t.invite} submit={t.invite} onSubmit={send}>
        <TextInput type="email" label={t.email} required maxLength={254} autoComplete="off" data-autofocus value={typed.email} onChange={(event) => setTyped({ ...typed, email: event.currentTarget.value })} />
        <div>
          <NativeSelect label={t.role} value={typed.role} onChange={(event) => setTyped({ ...typed, role: event.currentTarget.value as Role })} data={ROLES.filter((one) => isOwner || one !== "owner").map((value) => ({ value, label: t.roles[value] }))} />
          <Text size="sm" c="dimmed" mt={6}>{t.may[typed.role]}</Text>
        </div>
      </FormDialog>
      <SecretDialog secret={made?.link ?? null} title={t.invited(made?.email ?? "")} note={made?.mailed ? t.linkMailed : t.linkNote} onClose={() => setMade(null)} />
    </>
  );
}
