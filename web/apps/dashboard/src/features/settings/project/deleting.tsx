/** Deletes a project, once its name is typed. */
import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../../api/client.ts";
import { projectsQuery, queryClient } from "../../../api/queries.ts";
import { tellDone } from "../../../parts/notify.tsx";
import { explain } from "../../../parts/states.tsx";
import { useTexts } from "../../../texts/index.ts";
import { Card } from "../form.tsx";
import { texts } from "./generaltexts.ts";
import type { Project } from "./project.ts";

export function DeleteProject({ project }: { project: Project }) {
  const t = useTexts(texts);
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <Card title={t.delete} lead={t.deleteLead} actions={<Button color="red" variant="outline" onClick={open}>{t.deleteOpen}</Button>}>
      <Modal opened={isOpen} onClose={close} title={t.deleteTitle(project.name)} closeButtonProps={{ "aria-label": t.keep }}>
        <TypeTheName project={project} close={close} />
      </Modal>
    </Card>
  );
}

function TypeTheName({ project, close }: { project: Project; close: () => void }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [failure, setFailure] = useState("");
  const [isBusy, setBusy] = useState(false);
  const isSame = typed.trim() === project.name;
  const remove = async () => {
    if (!isSame) return setFailure(t.otherName);
    setBusy(true);
    try {
      await api.DELETE("/v1/projects/{project_id}", { params: { path: { project_id: project.id } } });
      await queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey, exact: true });
      tellDone(t.deleted(project.name));
      await navigate({ to: "/" });
    } catch (error) {
      setFailure(explain(error));
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void remove();
      }}
    >
      <Text mb="md">{t.deleteText}</Text>
      <TextInput
        data-autofocus
        label={t.typeName(project.name)}
        value={typed}
        autoComplete="off"
        error={failure || undefined}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setFailure("");
        }}
      />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={close}>{t.keep}</Button>
        <Button type="submit" color="red" loading={isBusy} disabled={!typed.trim()}>{t.deleteYes}</Button>
      </Group>
    </form>
  );
}
