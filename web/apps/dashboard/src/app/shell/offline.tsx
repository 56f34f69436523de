import { useNetwork } from "@mantine/hooks";
import { Icon } from "../../parts/icons.tsx";
import { useTexts } from "../../texts/index.ts";
import { texts } from "../texts.ts";
import classes from "./shell.module.css";

export function Offline() {
  const t = useTexts(texts);
  const { online } = useNetwork();
  return (
    <div role="status">
      {!online && <div className={classes.offline}><Icon name="warning" />{t.offline}</div>}
    </div>
  );
}
