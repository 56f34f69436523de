/** The agents, and which of them answers. */
import { Badge, Button, Group, Modal, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, data, type Schemas } from "../../../../api/client.ts";
import { queryClient, useMay } from "../../../../api/queries.ts";
import { useCommands } from "../../../../app/commands.ts";
import { Icon } from "../../../../parts/icons.tsx";
import { later, tellDone, tellFailure } from "../../../../parts/notify.tsx";
import { explain } from "../../../../parts/states.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import { formTexts } from "../../formtexts.ts";
import type { Project } from "../project.ts";
import classes from "../websites/websites.module.css";
import { type Agent, agentsQuery } from "./queries.ts";
import { texts } from "./texts.ts";

export function AgentList({ agents, project }: { agents: Agent[]; project: Project }) {
  const t = useTexts(texts);
  const canWrite = useMay()("agents:write");
  const [isOpen, { open, close }] = useDisclosure(false);
  useCommands(canWrite ? [{ id: "add-agent", label: t.add, group: t.here, keys: "n", run: open }] : []);
  return (
    <Card title={t.agents} lead={t.agentsLead} actions={canWrite && <Button leftSection={<Icon name="plus" size={16} />} onClick={open}>{t.add}</Button>}>
      <ul className={classes.list} aria-label={t.agents}>
        {agents.map((agent) => <Row key={agent.id} agent={agent} projectId={project.id} canWrite={canWrite} />)}
      </ul>
      <Modal opened={isOpen} onClose={close} title={t.add} closeButtonProps={{ "aria-label": t.close }}><Adding projectId={project.id} close={close} /></Modal>
    </Card>
  );
}

function Row({ agent, projectId, canWrite }: { agent: Agent; projectId: string; canWrite: boolean }) {
  const t = useTexts(texts);
  const key = agentsQuery(projectId).queryKey;
  const params = { path: { project_id: projectId, agent_id: agent.id } };
  const refresh = () => queryClient.invalidateQueries({ queryKey: key });
  const activate = useMutation({
    mutationFn: () => api.POST("/v1/projects/{project_id}/agents/{agent_id}/activate", { params }),
    onSuccess: async () => {
      await refresh();
      tellDone(t.answersNow(agent.name));
    },
    onError: tellFailure,
  });
  const remove = () => {
    queryClient.setQueryData(key, queryClient.getQueryData(key)?.filter(({ id }) => id !== agent.id));
    later({
      message: t.removed(agent.name),
      commit: async () => {
        await api.DELETE("/v1/projects/{project_id}/agents/{agent_id}", { params });
        await refresh();
      },
      restore: () => void refresh(),
    });
  };
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <h3 className={classes.name}>
          <Link to="/p/$projectId/settings/agents" params={{ projectId }} search={{ agent: agent.id }} className={classes.link}>{agent.name}</Link>
        </h3>
        {agent.active && <Badge variant="light" color="teal">{t.active}</Badge>}
        <div className={classes.end}>
          {canWrite && !agent.active && (
            <>
              <Button variant="default" size="xs" loading={activate.isPending} onClick={() => activate.mutate()} aria-label={t.activateOf(agent.name)}>{t.activate}</Button>
              <Button variant="default" size="xs" onClick={remove} aria-label={t.removeOf(agent.name)}>{t.remove}</Button>
            </>
          )}
        </div>
      </div>
      <p className={classes.note}>{agent.model ? t.withModel(agent.model) : t.withoutModel} · {t.availabilities[agent.availability]}</p>
      {agent.persona && <p className={classes.note}>{agent.persona}</p>}
    </li>
  );
}

function Adding({ projectId, close }: { projectId: string; close: () => void }) {
  const t = useTexts(texts);
  const common = useTexts(formTexts);
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [fault, setFault] = useState("");
  const { mutate, isPending } = useMutation({
    mutationFn: () => data(api.POST("/v1/projects/{project_id}/agents", { params: { path: { project_id: projectId } }, body: { ...NEW, name: name.trim() } })),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: agentsQuery(projectId).queryKey });
      close();
      await navigate({ to: "/p/$projectId/settings/agents", params: { projectId }, search: { agent: id } });
    },
    onError: (error) => setFault(explain(error)),
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) mutate();
        else setFault(t.nameNeeded);
      }}
    >
      <TextInput
        data-autofocus
        label={t.name}
        description={t.nameHelp}
        maxLength={200}
        value={name}
        error={fault || undefined}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setFault("");
        }}
      />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={close}>{common.cancel}</Button>
        <Button type="submit" loading={isPending}>{t.addIt}</Button>
      </Group>
    </form>
  );
}

/** What is set before anybody sets it. */
const NEW = {
  persona: "",
  instructions: "",
  verification: "mark",
  knowledge: "strict",
  actions: [],
  availability: "office_hours",
  response_profile: { timezone: "UTC", holidays: [] },
} satisfies Partial<Schemas["AgentIn"]>;
