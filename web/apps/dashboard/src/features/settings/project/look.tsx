import { Page } from "../../../parts/page.tsx";
import { useTexts } from "../../../texts/index.ts";
import { texts } from "../texts.ts";

export function LookPage() {
  const t = useTexts(texts);
  return <Page title={t.look}>{null}</Page>;
}
