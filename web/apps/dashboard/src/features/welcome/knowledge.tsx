/** What the project should know: the address of a website, or files. Creates the project if there is none. */
import { Button, Group, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import type { Schemas } from "../../api/client.ts";
import { Icon } from "../../parts/icons.tsx";
import { tellFailure } from "../../parts/notify.tsx";
import { explain } from "../../parts/states.tsx";
import { useTexts } from "../../texts/index.ts";
import { FileDrop } from "./files.tsx";
import { addSite, createProject, forgetRead, sourcesQuery } from "./queries.ts";
import { addressOf, nameOf, type Step } from "./steps.ts";
import { texts } from "./texts.ts";
import classes from "./welcome.module.css";

const route = getRouteApi("/account/welcome");

export function KnowledgeStep({ project }: { project?: Schemas["ProjectOut"] }) {
  const t = useTexts(texts);
  const navigate = route.useNavigate();
  const [address, setAddress] = useState("");
  const [name, setName] = useState("");
  const [fault, setFault] = useState<{ field: "address" | "name"; said: string } | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [hasFiles, setHasFiles] = useState(false);
  const { data: sources = [] } = useQuery({ ...sourcesQuery(project?.id ?? ""), enabled: project !== undefined });
  const hasSome = hasFiles || sources.length > 0;
  const field = useRef<HTMLInputElement>(null);
  const nameField = useRef<HTMLInputElement>(null);
  const url = addressOf(address);
  const called = name.trim() || nameOf(url);

  const refuse = (at: "address" | "name", said: string) => {
    setFault({ field: at, said });
    (at === "name" ? nameField : field).current?.focus();
  };
  const open = (id: string, step: Step, replace = false) => navigate({ search: { project: id, step }, replace });
  /** The project is created once; the address then says which it is, so that nothing makes a second one. */
  const made = useRef<Promise<string> | null>(project ? Promise.resolve(project.id) : null);
  const ensure = (fallback = ""): Promise<string> => {
    made.current ??= createProject(called || fallback).then(({ id }) => id);
    made.current.catch(() => {
      made.current = null;
    });
    return made.current;
  };

  const read = async (event: FormEvent) => {
    event.preventDefault();
    setFault(null);
    if (!url) return refuse("address", t.addressWrong);
    setIsSending(true);
    try {
      const id = await ensure();
      await addSite(project ?? null, id, url);
      await forgetRead(id);
      await open(id, "try");
    } catch (error) {
      refuse("address", explain(error));
    } finally {
      setIsSending(false);
    }
  };
  const goOn = async () => {
    setFault(null);
    if (!project && !made.current && !called) return refuse("name", t.nameMissing);
    try {
      const id = await ensure();
      await forgetRead(id);
      await open(id, "try");
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <div className={classes.knowledge}>
      <form onSubmit={(event) => void read(event)} noValidate className={classes.form}>
        <TextInput
          ref={field}
          size="md"
          label={t.address}
          description={t.addressNote}
          placeholder={t.addressExample}
          inputMode="url"
          autoComplete="url"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={2000}
          leftSection={<Icon name="globe" />}
          value={address}
          error={fault?.field === "address" && fault.said}
          onChange={(event) => setAddress(event.currentTarget.value)}
          data-autofocus
        />
        {!project && (
          <TextInput
            ref={nameField}
            label={t.name}
            description={t.nameNote}
            placeholder={nameOf(url)}
            maxLength={200}
            value={name}
            error={fault?.field === "name" && fault.said}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <Group><Button type="submit" size="md" loading={isSending}>{t.read}</Button></Group>
      </form>
      <p className={classes.or} aria-hidden="true"><span>{t.or}</span></p>
      <FileDrop ensure={() => ensure(t.newProject)} added={() => setHasFiles(true)} />
      <Group justify="flex-end"><Button variant={hasSome ? "default" : "subtle"} onClick={() => void goOn()}>{hasSome ? t.goOn : t.skip}</Button></Group>
    </div>
  );
}
