/** The form that makes a key. */
import { Checkbox, NativeSelect, Radio, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, data, type Schemas } from "../../../../api/client.ts";
import { projectsQuery } from "../../../../api/queries.ts";
import { useTexts } from "../../../../texts/index.ts";
import { FormDialog } from "../../../../parts/formdialog.tsx";
import type { Scope } from "./queries.ts";
import { type Access, ScopeChoice, scopesOf } from "./scopes.tsx";
import { type Program, PROGRAMS } from "./search.ts";
import { texts } from "./texts.ts";

const PREFIXES: Record<Program, Schemas["ApiKeyIn"]["prefix"]> = {
  answerdesk: "ad_live_",
  noras: "sk_",
  chatorex: "sk_live_",
  novachat: "nc_live_",
  orac: "orac_live_",
  novaro: "ad_live_",
};

const EXPIRIES = { never: 0, days30: 30, days90: 90, days365: 365, day: 0 } as const;
type Expiry = keyof typeof EXPIRIES;

type Typed = { name: string; program: Program; access: Access; scopes: Scope[]; projects: string[] | null; expiry: Expiry; day: string };

const NEW: Typed = { name: "", program: "answerdesk", access: "read", scopes: [], projects: null, expiry: "never", day: "" };

type Props = { opened: boolean; program: Program | undefined; onClose: () => void; onMade: (key: string) => void };

export function NewKey({ opened, program, onClose, onMade }: Props) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const [typed, setTyped] = useState(NEW);
  const { data: projects = [] } = useQuery(projectsQuery);
  const set = (change: Partial<Typed>) => setTyped((before) => ({ ...before, ...change }));
  useEffect(() => {
    if (program) set(suitable(program));
  }, [program]);
  const make = async () => {
    const scopes = scopesOf(typed.access, typed.scopes);
    if (!scopes.length) throw new Error(t.missingScope);
    if (typed.projects?.length === 0) throw new Error(t.missingProject);
    const expires = expiryOf(typed);
    if (expires && !(new Date(expires) > new Date())) throw new Error(t.missingDay);
    const body = { name: typed.name.trim(), prefix: PREFIXES[typed.program], scopes, project_ids: typed.projects, expires_at: expires };
    const { key } = await data(api.POST("/v1/api-keys", { body }));
    setTyped(NEW);
    void client.invalidateQueries({ queryKey: ["keys"] });
    onMade(key);
  };
  return (
    <FormDialog opened={opened} onClose={onClose} title={t.add} submit={t.add} onSubmit={make} size="lg">
      <TextInput label={t.name} description={t.nameHelp} required maxLength={100} data-autofocus value={typed.name} onChange={(event) => set({ name: event.currentTarget.value })} />
      <NativeSelect label={t.program} description={t.programHelp} value={typed.program} data={PROGRAMS.map((value) => ({ value, label: `${t.programs[value]} (${PREFIXES[value]}…)` }))} onChange={(event) => set(suitable(event.currentTarget.value as Program))} />
      <ScopeChoice access={typed.access} scopes={typed.scopes} onChange={set} />
      <Radio.Group label={t.projects} value={typed.projects === null ? "all" : "some"} onChange={(value) => set({ projects: value === "all" ? null : [] })}>
        <Stack gap={6} mt={6}>
          <Radio value="all" label={t.allProjects} />
          <Radio value="some" label={t.someProjects} disabled={!projects.length} />
        </Stack>
      </Radio.Group>
      {typed.projects !== null && (
        <Checkbox.Group aria-label={t.projects} value={typed.projects} onChange={(chosen) => set({ projects: chosen })}>
          <Stack gap={6} pl="lg">{projects.map(({ id, name }) => <Checkbox key={id} value={id} label={name} />)}</Stack>
        </Checkbox.Group>
      )}
      <NativeSelect label={t.expiry} value={typed.expiry} data={(Object.keys(EXPIRIES) as Expiry[]).map((value) => ({ value, label: t.expiries[value] }))} onChange={(event) => set({ expiry: event.currentTarget.value as Expiry })} />
      {typed.expiry === "day" && <TextInput type="date" label={t.day} required value={typed.day} onChange={(event) => set({ day: event.currentTarget.value })} />}
    </FormDialog>
  );
}

/** What programs of a service usually need. */
const suitable = (program: Program): Partial<Typed> => ({ program, access: program === "answerdesk" ? "read" : "write" });

/** The moment at which the last day ends here; null for never. */
function expiryOf({ expiry, day }: Typed): string | null {
  if (expiry === "never") return null;
  const end = new Date();
  if (expiry === "day") {
    const [year = 0, month = 1, date = 0] = day.split("-").map(Number);
    end.setFullYear(year, month - 1, date + 1);
  } else {
    end.setDate(end.getDate() + EXPIRIES[expiry] + 1);
  }
  end.setHours(0, 0, 0, 0);
  return end.toISOString();
}
