/** The person's own page: who they are here, look and language, password, log-ins. */
import { Anchor, Button, Group, SegmentedControl, Stack, Switch, Text, useMantineColorScheme } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMe } from "../../../../api/queries.ts";
import { areKeysOn, switchKeys, useCommands } from "../../../../app/commands.ts";
import { texts as shell } from "../../../../app/texts.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { tellFailure } from "../../../../parts/notify.tsx";
import { Page } from "../../../../parts/page.tsx";
import { logOut, ownerKey } from "../../../../session/session.ts";
import { LANGUAGES, type Language, speak, useLanguage, useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import { texts as names } from "../../texts.ts";
import { FormDialog } from "../../../../parts/formdialog.tsx";
import { Facts } from "../parts/list.tsx";
import { texts as team } from "../team/texts.ts";
import { Email } from "./email.tsx";
import { Name } from "./name.tsx";
import { Password } from "./password.tsx";
import { texts } from "./texts.ts";

export function ProfilePage() {
  const t = useTexts(texts);
  const me = useMe();
  return (
    <Page title={useTexts(names).profile} lead={t.lead}>
      <Stack gap="md">
        <You />
        <Look />
        {me.user && (
          <>
            <Card title={t.notices} lead={t.noticesText}>
              <Anchor size="sm" renderRoot={(props) => <Link to="/inbox" {...props} />}>{t.toInbox}</Anchor>
            </Card>
            <Password email={me.user.email} />
            <LogIns />
          </>
        )}
      </Stack>
      <ApiCalls calls={[{ method: "GET", path: "/v1/me" }, { method: "PATCH", path: "/v1/me", body: { name: me.user?.name ?? "Ann" } }, { method: "POST", path: "/v1/me/email-change", body: { email: "ann@example.com", current_password: "…" } }]} />
    </Page>
  );
}

function You() {
  const t = useTexts(texts);
  const { roles, may } = useTexts(team);
  const { user, role, account, accounts, email_change: change } = useMe();
  if (!user) {
    return (
      <Card title={t.you} lead={t.ownerKey}>
        <div><Button component="a" href={`/signup#${new URLSearchParams({ owner_key: ownerKey() ?? "" })}`}>{t.createLogIn}</Button></div>
      </Card>
    );
  }
  return (
    <Card title={t.you}>
      <Name name={user.name} />
      <Email email={user.email} change={change} />
      <Facts
        facts={[
          [t.role, role && <>{roles[role]}<Text size="sm" c="dimmed">{may[role]}</Text></>],
          [t.accounts, accounts.length > 1 ? accounts.map(({ name }) => name).join(", ") : account.name],
        ]}
      />
    </Card>
  );
}

function Look() {
  const t = useTexts(texts);
  const spoken = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [hasKeys, setHasKeys] = useState(areKeysOn);
  const toggle = (isOn: boolean) => {
    switchKeys(isOn);
    setHasKeys(isOn);
  };
  return (
    <Card title={t.look} lead={t.lookLead}>
      <Group gap="xl">
        <div>
          <Text size="sm" fw={500} mb={4} id="language">{t.language}</Text>
          <SegmentedControl aria-labelledby="language" value={spoken} onChange={(value) => speak(value as Language)} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} />
        </div>
        <div>
          <Text size="sm" fw={500} mb={4} id="colours">{t.colours}</Text>
          <SegmentedControl aria-labelledby="colours" value={colorScheme} onChange={(value) => setColorScheme(value as typeof colorScheme)} data={(["light", "dark", "auto"] as const).map((value) => ({ value, label: t.schemes[value] }))} />
        </div>
      </Group>
      <Switch checked={hasKeys} onChange={(event) => toggle(event.currentTarget.checked)} label={t.keys} description={t.keysHelp} />
    </Card>
  );
}

function LogIns() {
  const t = useTexts(texts);
  const { here } = useTexts(shell);
  const [isAsking, setAsking] = useState(false);
  useCommands([{ id: "log-out-everywhere", label: t.everywhere, group: here, run: () => setAsking(true) }]);
  return (
    <Card title={t.logIns} lead={t.logInsText}>
      <Group gap="xs">
        <Button variant="default" onClick={() => void logOut().catch(tellFailure)}>{t.logOut}</Button>
        <Button variant="default" onClick={() => setAsking(true)}>{t.everywhere}</Button>
      </Group>
      <FormDialog opened={isAsking} onClose={() => setAsking(false)} title={t.everywhere} submit={t.everywhere} onSubmit={() => logOut(true)} isRisky>
        <Text size="sm">{t.everywhereText}</Text>
      </FormDialog>
    </Card>
  );
}
