/** A moment as "3 min. ago", with the date and time for those who point at it. */
import { useEffect, useState } from "react";
import { ago, dateTime } from "../texts/formats.ts";
import { useLanguage } from "../texts/index.ts";

const EACH_MS = 30_000;
const listeners = new Set<() => void>();
// One clock for the page, however many moments it shows.
setInterval(() => document.hidden || listeners.forEach((listener) => listener()), EACH_MS);

export function Moment({ at }: { at: string }) {
  useLanguage();
  const [, setTick] = useState(0);
  useEffect(() => {
    const listener = () => setTick((tick) => tick + 1);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return <time dateTime={at} title={dateTime(at)}>{ago(at)}</time>;
}
