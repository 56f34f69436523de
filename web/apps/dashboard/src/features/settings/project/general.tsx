import { Page } from "../../../parts/page.tsx";
import { useTexts } from "../../../texts/index.ts";
import { texts } from "../texts.ts";

export function GeneralPage() {
  const t = useTexts(texts);
  return <Page title={t.general}>{null}</Page>;
}
