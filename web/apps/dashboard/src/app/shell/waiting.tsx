/** How many visitors wait, beside the link to the inbox; keeps the live view and its alerts going. */
import { useNavigate } from "@tanstack/react-router";
import { useFollowing, useStore } from "../../live/hooks.ts";
import { useTexts } from "../../texts/index.ts";
import { texts } from "../texts.ts";
import classes from "./shell.module.css";

export default function Waiting() {
  const t = useTexts(texts);
  const navigate = useNavigate();
  useFollowing((conversation) => void navigate({ to: "/inbox", search: { conversation } }));
  const { counts } = useStore("counts", "all");
  if (!counts?.waiting) return null;
  return <span className={classes.count} aria-label={t.waiting(counts.waiting)}>{counts.waiting}</span>;
}
