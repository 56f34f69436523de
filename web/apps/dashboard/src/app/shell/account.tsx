/** Who is logged in, and what is theirs alone: colours, language, keys, leaving. */
import { Avatar, Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useState } from "react";
import { useMe } from "../../api/queries.ts";
import { tellFailure } from "../../parts/notify.tsx";
import { Icon } from "../../parts/icons.tsx";
import { logOut, ownerKey, switchAccount } from "../../session/session.ts";
import { LANGUAGES, type Language, speak, useLanguage, useTexts } from "../../texts/index.ts";
import { areKeysOn, switchKeys, useCommands } from "../commands.ts";
import { texts } from "../texts.ts";
import classes from "./shell.module.css";

const SCHEMES = ["light", "dark", "auto"] as const;

export function AccountMenu() {
  const t = useTexts(texts);
  const me = useMe();
  const spoken = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [hasKeys, setHasKeys] = useState(areKeysOn);
  const leave = () => void logOut().catch(tellFailure);
  const toggleKeys = () => {
    switchKeys(!hasKeys);
    setHasKeys(!hasKeys);
  };
  const name = me.user ? me.user.name || me.user.email : t.ownerKey;
  useCommands([
    ...SCHEMES.filter((one) => one !== colorScheme).map((one) => ({ id: `scheme-${one}`, label: `${t.theme}: ${t[one]}`, group: t.general, run: () => setColorScheme(one) })),
    ...others(spoken).map((one) => ({ id: `language-${one}`, label: `${t.language}: ${LANGUAGES[one]}`, group: t.general, run: () => speak(one) })),
    { id: "keys", label: hasKeys ? t.keysOff : t.keysOn, group: t.general, run: toggleKeys },
    { id: "log-out", label: t.logOut, group: t.general, run: leave },
  ]);
  return (
    <Menu width={232} position="top-start">
      <Menu.Target>
        <UnstyledButton className={classes.person} title={t.account}>
          <Avatar name={name} size={30} radius="xl" />
          <span className={classes.names}><span>{name}</span><span>{me.account.name}</span></span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {!me.user && <Menu.Item component="a" href={`/signup#${new URLSearchParams({ owner_key: ownerKey() ?? "" })}`} leftSection={<Icon name="person" />}>{t.createLogIn}</Menu.Item>}
        {me.accounts.filter(({ id, suspended }) => id !== me.account.id && !suspended).map(({ id, name: other }) => (
          <Menu.Item key={id} onClick={() => void switchAccount(id).catch(tellFailure)} leftSection={<Icon name="team" />}>{t.switchTo(other)}</Menu.Item>
        ))}
        <Menu.Label>{t.theme}</Menu.Label>
        {SCHEMES.map((one) => (
          <Menu.Item key={one} onClick={() => setColorScheme(one)} leftSection={<Mark on={one === colorScheme} />}>{t[one]}</Menu.Item>
        ))}
        <Menu.Label>{t.language}</Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((one) => (
          <Menu.Item key={one} lang={one} onClick={() => speak(one)} leftSection={<Mark on={one === spoken} />}>{LANGUAGES[one]}</Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={toggleKeys} leftSection={<Mark on={hasKeys} />}>{t.keys}</Menu.Item>
        <Menu.Item component="a" href="/scalar" leftSection={<Icon name="code" />}>{t.documentation}</Menu.Item>
        <Menu.Item onClick={leave} leftSection={<Icon name="logout" />}>{t.logOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const others = (spoken: Language) => (Object.keys(LANGUAGES) as Language[]).filter((one) => one !== spoken);

function Mark({ on }: { on: boolean }) {
  return on ? <Icon name="check" /> : <span className={classes.unmarked} />;
}
