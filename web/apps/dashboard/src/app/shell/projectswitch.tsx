import { Badge, Menu, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { projectsQuery, useMay } from "../../api/queries.ts";
import { Icon } from "../../parts/icons.tsx";
import { useTexts } from "../../texts/index.ts";
import { useCommands } from "../commands.ts";
import { rememberProject } from "../project.ts";
import { texts } from "../texts.ts";
import { useProjectId } from "./projectid.ts";
import classes from "./shell.module.css";

export function ProjectSwitch() {
  const t = useTexts(texts);
  const may = useMay();
  const navigate = useNavigate();
  const here = useProjectId();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { data: projects = [] } = useQuery(projectsQuery);
  const current = projects.find(({ id }) => id === here);
  const open = (projectId: string) => {
    rememberProject(projectId);
    // The same page of the other project; what was chosen on it does not exist there.
    const place = /\/p\/[^/]+\/(\w+)/.exec(path)?.[1] ?? "overview";
    void navigate({ to: `/p/${projectId}/${place}` });
  };
  const create = () => void navigate({ to: "/welcome" });
  useCommands([
    ...projects.filter(({ id }) => id !== here).map(({ id, name }) => ({ id: `project-${id}`, label: name, group: t.project, run: () => open(id) })),
    ...(may("projects:write") ? [{ id: "new-project", label: t.newProject, group: t.general, run: create }] : []),
  ]);
  return (
    <Menu width="target" position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.project} title={t.project}>
          <span>{current?.name ?? t.project}</span>
          {current?.demo && <Badge size="xs" variant="light">{t.demo}</Badge>}
          <Icon name="down" size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {projects.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => open(id)} leftSection={id === here ? <Icon name="check" size={16} /> : <span className={classes.unmarked} />}>{name}</Menu.Item>
        ))}
        {may("projects:write") && (
          <>
            {projects.length > 0 && <Menu.Divider />}
            <Menu.Item leftSection={<Icon name="plus" size={16} />} onClick={create}>{t.newProject}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
