/** Icons as strokes in a field of 24 by 24; decoration only, so hidden from screen readers. */
const PATHS = {
  overview: "M4 20V10M10 20V4M16 20v-7M21 20H3",
  inbox: "M4 13l3-8h10l3 8v6H4zM4 13h5l1.5 3h3L15 13h5",
  knowledge: "M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11",
  review: "M9 11l2 2 4-5M4 5h16v11H9l-5 4z",
  leads: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6",
  playground: "M10 3v6L4 19a1.5 1.5 0 0 0 1.3 2h13.4a1.5 1.5 0 0 0 1.3-2L14 9V3M8 3h8M7 15h10",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
  plus: "M12 5v14M5 12h14",
  check: "M5 12.5l4.5 4.5L19 7",
  close: "M6 6l12 12M18 6L6 18",
  warning: "M12 4l9 16H3zM12 10v4M12 17v.5",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8v.5",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  refresh: "M20 11a8 8 0 1 0-2.3 6.7M20 5v6h-6",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  left: "M15 6l-6 6 6 6",
  right: "M9 6l6 6-6 6",
  menu: "M4 7h16M4 12h16M4 17h16",
  send: "M4 12l16-8-6 16-3-7z",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6",
  team: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.5 3-5.5 6.5-5.5s6.5 2 6.5 5.5M16 4.5a3.5 3.5 0 0 1 0 6.5M17.5 14.8c2.5.5 4 2.2 4 5.2",
  assistant: "M6 9h12v10H6zM12 9V5M9.5 13v2M14.5 13v2M12 5a1 1 0 1 0 0-.1",
  key: "M14 14a5 5 0 1 0-4-4l-7 7v4h4v-3h3v-3z",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4",
  snooze: "M12 21a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM9.5 10h5l-5 6h5M4 5l3-2M20 5l-3-2",
  tag: "M4 4h8l8 8-8 8-8-8zM8.5 8.5v.1",
  webhook: "M12 8a3 3 0 1 0-2 2.8L7 16M12 8l4 8M7 19h9a3 3 0 1 0 0-.1M7 19a3 3 0 1 1 0-.1",
  play: "M7 4l13 8-13 8z",
  pause: "M8 5v14M16 5v14",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  upload: "M12 16V5M7 9l5-5 5 5M4 20h16",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
  logout: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  chart: "M4 19l5-6 4 3 7-9",
  thumbUp: "M8 11v9H4v-9zM8 11l4-8c2 0 2.5 1.5 2 3l-1 4h6c1 0 2 1 1.5 2.5l-2 6c-.2 1-1 1.5-2 1.5H8",
  thumbDown: "M8 13V4H4v9zM8 13l4 8c2 0 2.5-1.5 2-3l-1-4h6c1 0 2-1 1.5-2.5l-2-6c-.2-1-1-1.5-2-1.5H8",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5M14 4l-4 16",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  filter: "M4 5h16l-6 8v6l-4-2v-4z",
  more: "M5 12v.1M12 12v.1M19 12v.1",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  shield: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z",
  palette: "M12 21a9 9 0 1 1 9-9c0 3-2 4-4 4h-2a2 2 0 0 0-1 3.5c.5.7 0 1.5-2 1.5zM8 10v.1M12 7.5v.1M16 10v.1",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.8} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
