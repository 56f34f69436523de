import { Page } from "../../../parts/page.tsx";
import { useTexts } from "../../../texts/index.ts";
import { texts } from "../texts.ts";

export function PrivacyPage() {
  const t = useTexts(texts);
  return <Page title={t.privacy}>{null}</Page>;
}
