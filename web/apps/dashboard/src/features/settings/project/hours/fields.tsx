/** Editing office hours: a time zone, times on each weekday, holidays. */
import { ActionIcon, Autocomplete, Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useRef } from "react";
import { Icon } from "../../../../parts/icons.tsx";
import { useLanguage, useTexts } from "../../../../texts/index.ts";
import { Card } from "../../form.tsx";
import { type Day, DAYS, type Hours, type Times } from "./hours.ts";
import classes from "./hours.module.css";
import { texts } from "./texts.ts";

const ZONES = Intl.supportedValuesOf("timeZone");
const USUAL: Times = { start: "09:00", end: "17:00" };
const MOST_SHOWN = 50;

type Props = { value: Hours; onChange: (value: Hours) => void; at: string; faultAt: (path: string) => string | undefined; disabled: boolean; always?: string; when?: string; title?: string; lead?: string; daysOff?: string; noDaysOff?: string };

export function HoursFields({ value, onChange, at, faultAt, disabled, always, when, title, lead, daysOff, noDaysOff }: Props) {
  const t = useTexts(texts);
  const put = (change: Partial<Hours>) => onChange({ ...value, ...change });
  const choose = (choice: string) => {
    const isEmpty = DAYS.every((day) => !value.days[day].length);
    const usual = Object.fromEntries(DAYS.map((day) => [day, day === "sat" || day === "sun" ? [] : [USUAL]])) as Hours["days"];
    put({ always: choice === "always", days: choice === "days" && isEmpty ? usual : value.days });
  };
  return (
    <>
      <Card title={title ?? t.times} lead={lead ?? t.timesLead}>
        <Autocomplete
          label={t.zone}
          description={t.zoneHelp}
          data={ZONES}
          limit={MOST_SHOWN}
          maw={360}
          maxLength={60}
          spellCheck={false}
          value={value.timezone}
          onChange={(timezone) => put({ timezone })}
          error={faultAt(`${at}.timezone`)}
          disabled={disabled}
        />
        <Radio.Group label={when ?? t.when} value={value.always ? "always" : "days"} onChange={choose} readOnly={disabled}>
          <Stack gap="xs" mt="xs">
            <Radio value="always" label={always ?? t.always} disabled={disabled} />
            <Radio value="days" label={t.days} disabled={disabled} />
          </Stack>
        </Radio.Group>
        {!value.always && <Week value={value} put={put} at={at} faultAt={faultAt} disabled={disabled} />}
      </Card>
      <Holidays title={daysOff ?? t.holidays} none={noDaysOff ?? t.noHolidays} value={value} put={put} at={at} faultAt={faultAt} disabled={disabled} />
    </>
  );
}

type PartProps = Pick<Props, "value" | "at" | "faultAt" | "disabled"> & { put: (change: Partial<Hours>) => void };

function Week({ value, put, at, faultAt, disabled }: PartProps) {
  const t = useTexts(texts);
  const putDay = (day: Day, times: Times[]) => put({ days: { ...value.days, [day]: times } });
  const everyWorkday = () => put({ days: { ...value.days, tue: value.days.mon, wed: value.days.mon, thu: value.days.mon, fri: value.days.mon } });
  return (
    <div>
      <ul className={classes.days}>
        {DAYS.map((day) => (
          <DayRow key={day} day={day} times={value.days[day]} change={(times) => putDay(day, times)} faultAt={(place) => faultAt(`${at}.days.${day}[${place}]`)} disabled={disabled} />
        ))}
      </ul>
      {faultAt(`${at}.days`) === undefined && value.days.mon.length > 0 && !disabled && (
        <Button variant="subtle" size="compact-sm" mt="xs" onClick={everyWorkday}>{t.copyMonday}</Button>
      )}
      <Text size="sm" c="dimmed" mt="xs">{t.midnight}</Text>
    </div>
  );
}

type DayProps = { day: Day; times: Times[]; change: (times: Times[]) => void; faultAt: (place: number) => string | undefined; disabled: boolean };

function DayRow({ day, times, change, faultAt, disabled }: DayProps) {
  const t = useTexts(texts);
  const name = useDayName()(day);
  const adder = useRef<HTMLButtonElement>(null);
  const put = (place: number, part: Partial<Times>) => change(times.map((one, index) => (index === place ? { ...one, ...part } : one)));
  const remove = (place: number) => {
    change(times.filter((_, index) => index !== place));
    adder.current?.focus();
  };
  return (
    <li>
      <div className={classes.day} role="group" aria-label={name}>
        <span className={classes.dayName}>{name}</span>
        <div className={classes.intervals}>
          {times.length === 0 && <Text size="sm" c="dimmed">{t.closed}</Text>}
          {times.map(({ start, end }, place) => (
            <div key={place}>
              <div className={classes.interval}>
                <input type="time" className={classes.time} aria-label={t.from(name)} value={start} disabled={disabled} aria-invalid={faultAt(place) ? true : undefined} onChange={(event) => put(place, { start: event.currentTarget.value })} />
                <span aria-hidden="true">–</span>
                <input type="time" className={classes.time} aria-label={t.until(name)} value={end} disabled={disabled} onChange={(event) => put(place, { end: event.currentTarget.value })} />
                {!disabled && <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.removeTimes(name)} onClick={() => remove(place)}><Icon name="close" size={16} /></ActionIcon>}
              </div>
              {faultAt(place) && <Text size="sm" className={classes.fault}>{faultAt(place)}</Text>}
            </div>
          ))}
        </div>
        {!disabled && <ActionIcon ref={adder} variant="subtle" size="lg" aria-label={t.addTimes(name)} onClick={() => change([...times, times.length ? { start: "", end: "" } : USUAL])}><Icon name="plus" size={16} /></ActionIcon>}
      </div>
    </li>
  );
}

function Holidays({ title, none, value, put, at, faultAt, disabled }: PartProps & { title: string; none: string }) {
  const t = useTexts(texts);
  const adder = useRef<HTMLButtonElement>(null);
  const { holidays } = value;
  const change = (place: number, part: Partial<Hours["holidays"][number]>) => put({ holidays: holidays.map((one, index) => (index === place ? { ...one, ...part } : one)) });
  return (
    <Card title={title} lead={holidays.length ? undefined : none}>
      {holidays.length > 0 && (
        <ul className={classes.days} aria-label={title}>
          {holidays.map(({ date, name }, place) => (
            <li key={place}>
              <Group gap="xs" align="flex-start" wrap="wrap">
                <TextInput type="date" aria-label={t.holidayDay} value={date} disabled={disabled} error={faultAt(`${at}.holidays[${place}]`)} onChange={(event) => change(place, { date: event.currentTarget.value })} />
                <TextInput flex="1 1 10rem" aria-label={t.holidayName} placeholder={t.holidayName} maxLength={100} value={name} disabled={disabled} onChange={(event) => change(place, { name: event.currentTarget.value })} />
                {!disabled && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="lg"
                    aria-label={t.removeHoliday}
                    onClick={() => {
                      put({ holidays: holidays.filter((_, index) => index !== place) });
                      adder.current?.focus();
                    }}
                  >
                    <Icon name="close" size={16} />
                  </ActionIcon>
                )}
              </Group>
            </li>
          ))}
        </ul>
      )}
      {!disabled && <div><Button ref={adder} variant="default" leftSection={<Icon name="plus" size={16} />} onClick={() => put({ holidays: [...holidays, { date: "", name: "" }] })}>{t.addHoliday}</Button></div>}
    </Card>
  );
}

function useDayName(): (day: Day) => string {
  const spoken = useLanguage();
  // The first of January 2024 was a Monday.
  return (day) => new Intl.DateTimeFormat(spoken, { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2024, 0, 1 + DAYS.indexOf(day)));
}
