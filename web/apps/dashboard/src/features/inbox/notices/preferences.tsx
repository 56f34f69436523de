/** What a person is told, how, and when not. */
import { Button, Checkbox, Fieldset, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Schemas } from "../../../api/client.ts";
import { projectsQuery } from "../../../api/queries.ts";
import { canAsk, isSoundOn, switchSound } from "../../../live/alerts.ts";
import { useLive } from "../../../live/hooks.ts";
import { tellDone } from "../../../parts/notify.tsx";
import { explain, Failure, Loading } from "../../../parts/states.tsx";
import { texts as partTexts } from "../../../parts/texts.ts";
import { useTexts } from "../../../texts/index.ts";
import * as calls from "../calls.ts";
import type { Preferences } from "../calls.ts";
import { preferencesQuery } from "../queries.ts";
import { texts } from "../texts.ts";
import classes from "./notices.module.css";

const KINDS = ["waiting", "assigned", "reply", "lead", "sla"] as const;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

type Day = (typeof DAYS)[number];
type Quiet = Record<Day, { start: string; end: string }>;

export default function NoticePreferences({ close }: { close: () => void }) {
  const t = useTexts(texts);
  const { store } = useLive();
  const { data, error, refetch, isFetching } = useQuery({ ...preferencesQuery, enabled: store.me !== null });
  return (
    <Modal opened onClose={close} title={t.notices} size="lg" closeButtonProps={{ "aria-label": t.closeNews }}>
      <Stack>
        <OfBrowser />
        {error && <Failure error={error} retry={() => void refetch()} />}
        {store.me && !error && (isFetching || !data ? <Loading /> : <Editor kept={data} close={close} />)}
      </Stack>
    </Modal>
  );
}

/** What this browser does: a sound, and whether it may show notices at all. */
function OfBrowser() {
  const t = useTexts(texts);
  const [sound, setSound] = useState(isSoundOn);
  const [mayAsk, setMayAsk] = useState(canAsk);
  const ask = async () => {
    const answer = await Notification.requestPermission();
    setMayAsk(canAsk());
    tellDone(answer === "granted" ? t.allowed : t.refused);
  };
  return (
    <Group justify="space-between">
      <Checkbox
        label={t.sound}
        checked={sound}
        onChange={({ target }) => {
          setSound(target.checked);
          switchSound(target.checked);
        }}
      />
      {mayAsk && <Button size="compact-sm" variant="default" onClick={() => void ask()}>{t.allow}</Button>}
    </Group>
  );
}

function Editor({ kept, close }: { kept: Preferences; close: () => void }) {
  const t = useTexts(texts);
  const parts = useTexts(partTexts);
  const client = useQueryClient();
  const { data: projects = [] } = useQuery(projectsQuery);
  const [channels, setChannels] = useState(() => Object.fromEntries(KINDS.map((kind) => [kind, kept[kind]])) as Pick<Preferences, (typeof KINDS)[number]>);
  const [chosen, setChosen] = useState<readonly string[] | null>(kept.projects);
  const [isQuiet, setQuiet] = useState(kept.quiet_hours !== null);
  const [timezone, setTimezone] = useState(kept.quiet_hours?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [hours, setHours] = useState(() => hoursOf(kept));
  const [problem, setProblem] = useState("");
  const switchProject = (id: string, isOn: boolean) => {
    const before = chosen ?? projects.map((one) => one.id);
    const next = isOn ? [...before, id] : before.filter((one) => one !== id);
    // All means those of the future, too.
    setChosen(projects.every((one) => next.includes(one.id)) ? null : next);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setProblem("");
    const half = DAYS.find((day) => Boolean(hours[day].start) !== Boolean(hours[day].end));
    if (isQuiet && half) return setProblem(t.bothTimes(t.days[half]));
    try {
      await calls.savePreferences({ ...channels, projects: chosen && [...chosen], quiet_hours: isQuiet ? { timezone: timezone.trim(), days: daysOf(hours, kept) } : null });
      await client.invalidateQueries({ queryKey: preferencesQuery.queryKey });
      tellDone();
      close();
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return (
    <form onSubmit={(event) => void save(event)}>
      <Stack>
        {kept.mail_note && <Text size="sm" c="dimmed">{kept.mail_note}</Text>}
        {KINDS.map((kind) => (
          <Fieldset key={kind} legend={t.kinds[kind]} className={classes.kind}>
            {(["mail", "browser"] as const).map((channel) => (
              <Checkbox key={channel} label={t[channel]} checked={channels[kind][channel]} onChange={({ target }) => setChannels({ ...channels, [kind]: { ...channels[kind], [channel]: target.checked } })} />
            ))}
          </Fieldset>
        ))}
        {projects.length > 1 && (
          <Fieldset legend={t.projects} className={classes.kind}>
            {projects.map(({ id, name }) => <Checkbox key={id} label={name} checked={chosen === null || chosen.includes(id)} onChange={({ target }) => switchProject(id, target.checked)} />)}
          </Fieldset>
        )}
        <Checkbox label={t.quiet} checked={isQuiet} onChange={({ target }) => setQuiet(target.checked)} />
        {isQuiet && (
          <Stack gap="xs">
            <TextInput label={t.timezone} maxLength={60} autoCapitalize="none" autoComplete="off" spellCheck={false} value={timezone} onChange={({ target }) => setTimezone(target.value)} />
            {DAYS.map((day) => (
              <div key={day} className={classes.day}>
                <span>{t.days[day]}</span>
                <input type="time" aria-label={t.quietFrom(t.days[day])} value={hours[day].start} onChange={({ target }) => setHours({ ...hours, [day]: { ...hours[day], start: target.value } })} />
                {t.to}
                <input type="time" aria-label={t.quietUntil(t.days[day])} value={hours[day].end} onChange={({ target }) => setHours({ ...hours, [day]: { ...hours[day], end: target.value } })} />
              </div>
            ))}
            <Text size="sm" c="dimmed">{t.quietNote}</Text>
          </Stack>
        )}
        {problem && <Text c="red" role="alert">{problem}</Text>}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{parts.cancel}</Button>
          <Button type="submit">{parts.save}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function hoursOf({ quiet_hours: kept }: Preferences): Quiet {
  const first = (day: Day) => kept?.days?.[day]?.[0];
  return Object.fromEntries(DAYS.map((day) => [day, { start: first(day)?.start.slice(0, 5) ?? "", end: first(day)?.end.slice(0, 5) ?? "" }])) as Quiet;
}

/** Further times of a day, made with the API, stay. */
function daysOf(hours: Quiet, { quiet_hours: kept }: Preferences): Record<string, Schemas["QuietInterval"][]> {
  const given = DAYS.filter((day) => hours[day].start);
  return Object.fromEntries(given.map((day) => [day, [hours[day], ...(kept?.days?.[day]?.slice(1) ?? [])]]));
}
