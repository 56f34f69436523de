/** The knowledge: its parts as tabs, and what can be added to it from each. */
import { Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";
import { useMay } from "../../api/queries.ts";
import { useCommands } from "../../app/commands.ts";
import { Icon, type IconName } from "../../parts/icons.tsx";
import { Page } from "../../parts/page.tsx";
import { Loading } from "../../parts/states.tsx";
import { useTexts } from "../../texts/index.ts";
import { AddText } from "./files/text.tsx";
import classes from "./layout.module.css";
import { sourcesQuery } from "./queries.ts";
import { AddWebsite } from "./sources/add.tsx";
import { texts } from "./texts.ts";

const TABS = [
  { name: "sources", to: "/p/$projectId/knowledge" },
  { name: "pages", to: "/p/$projectId/knowledge/pages" },
  { name: "files", to: "/p/$projectId/knowledge/files" },
  { name: "questions", to: "/p/$projectId/knowledge/questions" },
  { name: "synonyms", to: "/p/$projectId/knowledge/synonyms" },
] as const;

const ADDED = [
  { name: "addSite", icon: "globe", keys: "n w" },
  { name: "addPage", icon: "link", keys: "n p" },
  { name: "addFiles", icon: "upload", keys: "n f" },
  { name: "addText", icon: "note", keys: "n t" },
  { name: "addQuestion", icon: "review", keys: "n q" },
  { name: "addImport", icon: "download", keys: "n i" },
] as const satisfies readonly { name: string; icon: IconName; keys: string }[];

export function KnowledgeLayout() {
  const t = useTexts(texts);
  const may = useMay();
  const canWrite = may("knowledge:write");
  const { projectId } = useParams({ from: "/p/$projectId/knowledge" });
  // Known before a tab asks for it, so that going from tab to tab does not wait.
  useQuery(sourcesQuery(projectId));
  return (
    <Page title={t.knowledge} lead={canWrite ? t.lead : t.readOnly} actions={canWrite && <AddMenu />}>
      <nav className={classes.tabs} aria-label={t.parts}>
        {TABS.map(({ name, to }) => (
          <Link key={name} to={to} params={{ projectId }} className={classes.tab} activeOptions={{ exact: true, includeSearch: false }}>{t[name]}</Link>
        ))}
      </nav>
      <Suspense fallback={<Loading />}><Outlet /></Suspense>
      {canWrite && <Adding projectId={projectId} />}
    </Page>
  );
}

/** Where each kind is added: websites and texts beside what is shown, the others on their own tab. */
function useAdd(): (name: (typeof ADDED)[number]["name"]) => void {
  const navigate = useNavigate();
  const { projectId } = useParams({ from: "/p/$projectId/knowledge" });
  const params = { projectId };
  return (name) => {
    if (name === "addFiles") return void navigate({ to: "/p/$projectId/knowledge/files", params });
    if (name === "addQuestion") return void navigate({ to: "/p/$projectId/knowledge/questions", params, search: { open: "new" } });
    if (name === "addImport") return void navigate({ to: "/p/$projectId/knowledge/questions", params, search: { open: "import" } });
    const add = name === "addSite" ? "site" : name === "addPage" ? "page" : "text";
    void navigate({ to: ".", search: (before) => ({ ...before, add }) });
  };
}

function AddMenu() {
  const t = useTexts(texts);
  const add = useAdd();
  useCommands(ADDED.map(({ name, keys }) => ({ id: name, label: t[name], group: t.knowledge, keys, run: () => add(name) })));
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button leftSection={<Icon name="plus" size={16} />}>{t.add}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {ADDED.map(({ name, icon, keys }) => (
          <Menu.Item key={name} leftSection={<Icon name={icon} size={16} />} rightSection={<kbd className={classes.keys}>{keys}</kbd>} onClick={() => add(name)}>{t[name]}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The forms that open beside whatever is shown, as the address says. */
function Adding({ projectId }: { projectId: string }) {
  const { add } = useSearch({ from: "/p/$projectId/knowledge" });
  const navigate = useNavigate();
  const close = () => void navigate({ to: ".", search: (before) => ({ ...before, add: undefined }) });
  return (
    <>
      <AddWebsite projectId={projectId} kind={add === "site" || add === "page" ? add : null} close={close} />
      <AddText projectId={projectId} isOpen={add === "text"} close={close} />
    </>
  );
}
