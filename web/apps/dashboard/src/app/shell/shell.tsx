/** What is around every page: navigation, project, account, ⌘K, news. */
import { AppShell, Burger, Group, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { Suspense, useEffect } from "react";
import { Loading } from "../../parts/states.tsx";
import { Icon } from "../../parts/icons.tsx";
import { useTexts } from "../../texts/index.ts";
import { press } from "../commands.ts";
import { keepFocus } from "../focus.ts";
import { texts } from "../texts.ts";
import { AccountMenu } from "./account.tsx";
import { CommandMenu, openCommands } from "./commandmenu.tsx";
import { Navigation } from "./navigation.tsx";
import { Offline } from "./offline.tsx";
import { ProjectSwitch } from "./projectswitch.tsx";
import classes from "./shell.module.css";

export function Shell() {
  const t = useTexts(texts);
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(close, [path, close]);
  useEffect(keepFocus, []);
  useEffect(() => {
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  return (
    <AppShell layout="alt" header={{ height: { base: 52, sm: 0 } }} navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !isOpen } }}>
      <a className={classes.skip} href="#content">{t.skip}</a>
      <AppShell.Header hiddenFrom="sm" className={classes.header}>
        <Burger opened={isOpen} onClick={toggle} size="sm" aria-label={t.menu} aria-expanded={isOpen} />
        <span className={classes.mark}>Answerdesk</span>
        <UnstyledButton className={classes.seek} onClick={openCommands} aria-label={t.search}><Icon name="search" /></UnstyledButton>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={classes.navbar}>
        <Group justify="space-between" px={6} pb="xs">
          <span className={classes.mark}>Answerdesk</span>
          <Burger opened={isOpen} onClick={toggle} size="sm" hiddenFrom="sm" aria-label={t.menu} />
        </Group>
        <ProjectSwitch />
        <UnstyledButton className={classes.search} onClick={openCommands}>
          <Icon name="search" size={16} />
          <span>{t.search}</span>
          <kbd>{isMac() ? "⌘" : "Ctrl"} K</kbd>
        </UnstyledButton>
        <Navigation />
        <AccountMenu />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Offline />
        <Suspense fallback={<div className={classes.loading}><Loading /></div>}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
      <CommandMenu />
    </AppShell>
  );
}

const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent);
