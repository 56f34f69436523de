/** The real chat in a frame, told what is not saved yet. Nothing that is done in it is kept. */
import { NativeSelect, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { explain } from "../../../../parts/states.tsx";
import { useLanguage, useTexts } from "../../../../texts/index.ts";
import { languageName } from "../../../../texts/formats.ts";
import classes from "./look.module.css";
import { type Shown, tryOut } from "./queries.ts";
import { texts } from "./texts.ts";

const SETTLED_MS = 250;

type Props = { projectId: string; settings: object; language: string; languages: string[]; speak: (language: string) => void };

export function Preview({ projectId, settings, language, languages, speak }: Props) {
  const t = useTexts(texts);
  const spoken = useLanguage();
  const frame = useRef<HTMLIFrameElement>(null);
  const [isReady, setReady] = useState(false);
  const [wanted] = useDebouncedValue(JSON.stringify(settings), SETTLED_MS);
  const { data: tried, error } = useQuery({
    queryKey: ["widget-preview", projectId, language, wanted],
    queryFn: () => tryOut(projectId, JSON.parse(wanted), language),
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  });
  // What cannot be shown leaves what was shown before.
  const last = useRef<Shown>(undefined);
  if (tried) last.current = tried;
  const shown = last.current;
  useEffect(() => {
    const listen = ({ source, origin, data }: MessageEvent) => {
      if (source === frame.current?.contentWindow && origin === location.origin && data?.type === "preview-ready") setReady(true);
    };
    addEventListener("message", listen);
    return () => removeEventListener("message", listen);
  }, []);
  useEffect(() => {
    if (shown && isReady) frame.current?.contentWindow?.postMessage({ type: "preview", settings: shown }, location.origin);
  }, [shown, isReady]);
  const look = shown?.look;
  const stops = look?.gradient.map(({ color, at }) => `${color} ${at}%`) ?? [];
  return (
    <section className={classes.preview} aria-label={t.preview}>
      <div className={classes.previewHead}>
        <Title order={2} size="h4">{t.preview}</Title>
        <NativeSelect size="xs" aria-label={t.previewLanguage} value={language} onChange={(event) => speak(event.currentTarget.value)} data={languages.map((one) => ({ value: one, label: languageName(one, spoken) }))} />
      </div>
      <Text size="sm" c="dimmed">{t.previewNote}</Text>
      <div role="status">{error && <Text size="sm" className={classes.fault}>{t.previewBefore} {explain(error)}</Text>}</div>
      <div className={classes.stage}>
        <iframe ref={frame} className={classes.frame} title={t.previewTitle} src="/embed/preview" />
        <div
          className={classes.launcher}
          data-testid="launcher"
          data-left={look?.position === "bottom-left" || undefined}
          style={{ background: stops.length > 1 ? `linear-gradient(135deg, ${stops.join(", ")})` : look?.color, color: look?.ink }}
          aria-hidden="true"
        >
          <svg viewBox="0 0 24 24"><path d="M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-6l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM8 9h8M8 13h5" /></svg>
        </div>
      </div>
    </section>
  );
}
