/** The language models that agents can answer with, and what they cost. */
import { Button, Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../../../api/queries.ts";
import { useCommands } from "../../../../app/commands.ts";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Icon } from "../../../../parts/icons.tsx";
import { Page } from "../../../../parts/page.tsx";
import { Empty } from "../../../../parts/states.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { OnlyReading } from "../../form.tsx";
import { texts as placeTexts } from "../../texts.ts";
import { ModelDialog, type Given } from "./form.tsx";
import { ModelList } from "./list.tsx";
import { Nearby } from "./nearby.tsx";
import { modelsQuery } from "./queries.ts";
import { AccountCaps, Spending } from "./spending.tsx";
import { texts } from "./texts.ts";

export function ModelsPage() {
  const t = useTexts(texts);
  const title = useTexts(placeTexts).models;
  const may = useMay();
  const canWrite = may("agents:write");
  const { data: models } = useSuspenseQuery(modelsQuery);
  const [edited, setEdited] = useState<Given | null>(null);
  const add = () => setEdited({});
  useCommands(canWrite ? [{ id: "add-model", label: t.add, group: t.here, keys: "n", run: add }] : []);
  const button = canWrite && <Button leftSection={<Icon name="plus" size={16} />} onClick={add}>{t.add}</Button>;
  return (
    <Page title={title} lead={t.lead} actions={models.length > 0 && button}>
      {!canWrite && <OnlyReading />}
      <Stack gap="md">
        {canWrite && <Nearby models={models} />}
        {models.length === 0
          ? <Empty icon="assistant" title={t.none} action={button}>{canWrite ? t.noneText : t.noneToSee}</Empty>
          : <ModelList models={models} canWrite={canWrite} change={(model) => setEdited({ model })} />}
        <Spending />
        {may("account:write") && <AccountCaps />}
      </Stack>
      <ModelDialog given={edited} models={models} close={() => setEdited(null)} />
      <ApiCalls
        calls={[
          { method: "GET", path: "/v1/language-models" },
          { method: "POST", path: "/v1/language-models", body: { name: "Fast", provider: "openai", model: "gpt-4o-mini", key: "sk-…" } },
          { method: "GET", path: "/v1/language-models/usage" },
          { method: "PATCH", path: "/v1/account", body: { spending_caps: { per_month: { money: 50_000_000 } } } },
        ]}
      />
    </Page>
  );
}
