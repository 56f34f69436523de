/** Pictures of the buttons; their names are the buttons' own. */

const icon = (path: string) => () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={path} />
  </svg>
);

const THUMB = "M7 10v11H3V10zm0 0 4-7c1.7 0 2.6 1.4 2.2 3L12.5 9H19a2 2 0 0 1 2 2.4l-1.4 7.600a2 2 0 0 1-2 2H7";

export const CloseIcon = icon("m5 5 14 14M19 5 5 19");
export const RestartIcon = icon("M4 12a8 8 0 1 0 2.600-5.900M4 4v4.500h4.500");
export const PersonIcon = icon("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 9c0-4 3.500-6 8-6s8 2 8 6");
export const SendIcon = icon("M4 12 21 4l-5 17-4-7z");
export const StopIcon = icon("M7 7h10v10H7z");
export const DownIcon = icon("M12 5v14m-6-6 6 6 6-6");
export const ThumbIcon = icon(THUMB);
