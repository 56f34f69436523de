/** The team: who is in it, in which role, and who is invited. */
import { Anchor, Avatar, Button, NativeSelect, Stack, Text } from "@mantine/core";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { api, data } from "../../../../api/client.ts";
import { membersQuery, useMay, useMe } from "../../../../api/queries.ts";
import { useCommands } from "../../../../app/commands.ts";
import { texts as shell } from "../../../../app/texts.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Icon } from "../../../../parts/icons.tsx";
import { tellDone, tellFailure } from "../../../../parts/notify.tsx";
import { Page } from "../../../../parts/page.tsx";
import { removeLater, useGone } from "../../../../parts/removal.ts";
import { Empty, Loading } from "../../../../parts/states.tsx";
import { ownerKey } from "../../../../session/session.ts";
import { date } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import { texts as names } from "../../texts.ts";
import { Facts, ReadOnly, Row, Rows } from "../parts/list.tsx";
import { Pill } from "../parts/pill.tsx";
import { Invite } from "./invite.tsx";
import { type Invitation, invitationsQuery, type Member, type Role, ROLES } from "./queries.ts";
import { useRemoval } from "./removal.tsx";
import { texts } from "./texts.ts";

export function TeamPage() {
  const t = useTexts(texts);
  const { here } = useTexts(shell);
  const canWrite = useMay()("members:write");
  const [isInviting, setInviting] = useState(false);
  const open = () => setInviting(true);
  useCommands(canWrite ? [{ id: "invite", label: t.invite, group: here, keys: "n", run: open }] : []);
  return (
    <Page title={useTexts(names).team} lead={t.lead} actions={canWrite && <Button leftSection={<Icon name="plus" />} onClick={open}>{t.invite}</Button>}>
      {!canWrite && <ReadOnly />}
      <Stack gap="md">
        <Suspense fallback={<Loading />}>
          <Members />
          <Invitations />
        </Suspense>
        <Card title={t.rolesTitle}>
          <Facts facts={ROLES.map((role) => [t.roles[role], t.may[role]] as const)} />
        </Card>
      </Stack>
      <Invite opened={isInviting} onClose={() => setInviting(false)} />
      <ApiCalls
        calls={[
          { method: "GET", path: "/v1/members" },
          { method: "PATCH", path: "/v1/members/member_…", body: { role: "agent" } },
          { method: "DELETE", path: "/v1/members/member_…?revoke_keys=true" },
          { method: "POST", path: "/v1/invitations", body: { email: "ann@example.com", role: "agent" } },
        ]}
      />
    </Page>
  );
}

function Members() {
  const t = useTexts(texts);
  const gone = useGone();
  const me = useMe();
  const { remove, question } = useRemoval();
  const members = useSuspenseQuery(membersQuery).data.filter(({ id }) => !gone.has(id));
  const key = ownerKey();
  if (!members.length) {
    return (
      <Empty icon="team" title={t.members} action={!me.user && key && <Anchor href={`/signup#${new URLSearchParams({ owner_key: key })}`}>{t.createLogIn}</Anchor>}>
        {t.noMembers}
      </Empty>
    );
  }
  return (
    <Card title={t.members}>
      <Rows label={t.members}>{members.map((one) => <MemberRow key={one.id} member={one} onRemove={() => void remove(one)} />)}</Rows>
      {question}
    </Card>
  );
}

function MemberRow({ member, onRemove }: { member: Member; onRemove: () => void }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const me = useMe();
  const isMe = member.user_id === me.user?.id;
  const name = member.name || member.email;
  const mayChange = useMay()("members:write") && (me.role === "owner" || member.role !== "owner");
  const change = async (role: Role) => {
    const show = (shown: Role) => client.setQueryData(membersQuery.queryKey, (known) => known?.map((one) => (one.id === member.id ? { ...one, role: shown } : one)));
    show(role);
    try {
      await data(api.PATCH("/v1/members/{member_id}", { params: { path: { member_id: member.id } }, body: { role } }));
      tellDone(t.roleChanged(name, t.roles[role]));
      // My own rights may be others now.
      if (isMe) await client.invalidateQueries({ queryKey: ["me"] });
    } catch (error) {
      show(member.role);
      tellFailure(error);
    }
  };
  return (
    <Row
      title={<><Avatar name={name} size={28} radius="xl" />{name}{isMe && <Pill tone="calm">{t.you}</Pill>}</>}
      note={[member.name && member.email, t.since(date(member.created_at))].filter(Boolean).join(" · ")}
      end={mayChange ? (
        <>
          <NativeSelect size="sm" aria-label={t.roleOf(name)} value={member.role} onChange={(event) => void change(event.currentTarget.value as Role)} data={ROLES.filter((one) => me.role === "owner" || one !== "owner").map((value) => ({ value, label: t.roles[value] }))} />
          <Button size="sm" variant="default" aria-label={t.removeNamed(name)} onClick={onRemove}>{t.remove}</Button>
        </>
      ) : <span title={member.role === "owner" ? t.onlyOwners : undefined}>{t.roles[member.role]}</span>}
    />
  );
}

function Invitations() {
  const t = useTexts(texts);
  const gone = useGone();
  const invitations = useSuspenseQuery(invitationsQuery).data.filter(({ id }) => !gone.has(id));
  if (!invitations.length) return null;
  return (
    <Card title={t.invitations}>
      <Rows label={t.invitations}>{invitations.map((one) => <InvitationRow key={one.id} invitation={one} />)}</Rows>
      <Text size="sm" c="dimmed">{t.refreshLink}</Text>
    </Card>
  );
}

function InvitationRow({ invitation: { id, email, role, letter, expires_at: expires } }: { invitation: Invitation }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const canWrite = useMay()("members:write");
  const withdraw = () => removeLater({ id, path: `/v1/invitations/${id}`, message: t.withdrawn(email), done: () => void client.invalidateQueries(invitationsQuery) });
  const fate = letter?.state === "failed" || letter?.state === "failing" ? `${t.letter[letter.state]}: ${letter.error ?? ""}` : t.letter[letter?.state ?? "none"];
  return (
    <Row
      title={email}
      note={`${t.roles[role]} · ${t.until(date(expires))} · ${fate}`}
      end={canWrite && <Button size="sm" variant="default" aria-label={t.withdrawNamed(email)} onClick={withdraw}>{t.withdraw}</Button>}
    />
  );
}
