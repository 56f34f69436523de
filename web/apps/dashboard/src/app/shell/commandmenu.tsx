/** ⌘K: every page and action, with its key. */
import { Spotlight, spotlight } from "@mantine/spotlight";
import { Icon } from "../../parts/icons.tsx";
import { useTexts } from "../../texts/index.ts";
import { useOffered } from "../commands.ts";
import { texts } from "../texts.ts";
import classes from "./shell.module.css";

export const openCommands = () => spotlight.open();

export function CommandMenu() {
  const t = useTexts(texts);
  const offered = useOffered();
  const groups = [...new Set(offered.map(({ group }) => group))];
  const actions = groups.map((group) => ({
    group,
    actions: offered
      .filter((one) => one.group === group)
      .map(({ id, label, keys, run }) => ({ id, label, onClick: run, rightSection: keys && <kbd className={classes.keys}>{keys}</kbd> })),
  }));
  return (
    <Spotlight
      actions={actions}
      shortcut={["mod + K"]}
      nothingFound={t.nothingFound}
      scrollable
      highlightQuery
      searchProps={{ leftSection: <Icon name="search" />, placeholder: t.searchHint, "aria-label": t.searchHint }}
    />
  );
}
