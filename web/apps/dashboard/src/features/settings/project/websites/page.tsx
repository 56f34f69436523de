/** Where visitors can ask: the tag, the websites that have one of their own, and who else may show the chat. */
import { Anchor, Button, Group, NativeSelect, Switch, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { ApiCalls } from "../../../../parts/apicalls.tsx";
import { Icon } from "../../../../parts/icons.tsx";
import { Page } from "../../../../parts/page.tsx";
import { useTexts } from "../../../../texts/index.ts";
import { useCommands } from "../../../../app/commands.ts";
import { Card, SettingsForm } from "../../form.tsx";
import { texts as placeTexts } from "../../texts.ts";
import { lines } from "../../values.ts";
import { type Project, projectCalls, useProjectDraft } from "../project.ts";
import { Secret } from "./identity.tsx";
import { Websites } from "./list.tsx";
import { Code } from "./code.tsx";
import { texts } from "./texts.ts";
import { WidgetKeys } from "./widgetkeys.tsx";

const MOST_ORIGINS = 100;
const PLATFORMS = ["any", "wordpress", "shopify", "wix", "squarespace", "webflow", "tagmanager", "react"] as const;

const accessOf = ({ settings }: Project) => ({
  origins: settings.allowed_origins.join("\n"),
  shares: settings.widget.shares_subdomains,
  enforce: settings.identity.enforce,
});

export function WebsitesPage() {
  const t = useTexts(texts);
  const title = useTexts(placeTexts).websites;
  const { project, form } = useProjectDraft({
    of: accessOf,
    check: ({ origins }) => ({ "settings.allowed_origins": lines(origins).length > MOST_ORIGINS && t.tooMany(lines(origins).length, MOST_ORIGINS) }),
    patch: ({ origins, shares, enforce }) => ({
      settings: { allowed_origins: lines(origins), widget: { shares_subdomains: shares }, identity: { enforce } },
    }),
  });
  const test = `/widget/test?project=${encodeURIComponent(project.id)}`;
  useCommands([{ id: "test-page", label: t.test, group: t.here, keys: "t", run: () => void open(test, "_blank", "noopener") }]);
  return (
    <Page
      title={title}
      lead={t.lead}
      actions={<Button component="a" href={test} target="_blank" rel="noopener noreferrer" variant="default" rightSection={<Icon name="external" size={16} />}>{t.test}</Button>}
    >
      <SettingsForm form={form}>
        <Tag project={project} />
        <Websites project={project} />
        <Card title={t.access} lead={t.accessLead}>
          <Textarea label={t.origins} description={t.originsHelp} placeholder="https://example.com" autosize minRows={3} maxRows={12} spellCheck={false} autoCapitalize="none" dir="ltr" {...form.text("origins", "settings.allowed_origins")} />
          <Switch label={t.shares} description={t.sharesHelp} {...form.flag("shares", "settings.widget.shares_subdomains")} />
        </Card>
        <Card title={t.identity} lead={t.identityLead}>
          <Secret projectId={project.id} isEnforced={form.value.enforce} canWrite={form.canWrite} />
          <Switch label={t.enforce} description={t.enforceHelp} {...form.flag("enforce", "settings.identity.enforce")} />
        </Card>
        <WidgetKeys projectId={project.id} canWrite={form.canWrite} />
      </SettingsForm>
      <ApiCalls
        calls={[
          ...projectCalls(project.id, { settings: { allowed_origins: ["https://example.com"] } }),
          { method: "GET", path: `/v1/projects/${project.id}/domains` },
          { method: "POST", path: `/v1/projects/${project.id}/domains`, body: { website_url: "https://example.com" } },
          { method: "POST", path: `/v1/projects/${project.id}/identity-secret` },
          { method: "POST", path: `/v1/projects/${project.id}/widget-keys`, body: { name: "My app" } },
        ]}
      />
    </Page>
  );
}

function Tag({ project }: { project: Project }) {
  const t = useTexts(texts);
  const [platform, setPlatform] = useState<(typeof PLATFORMS)[number]>("any");
  return (
    <Card title={t.tag} lead={t.tagLead}>
      <Code text={project.tag} label={t.tagOf(project.name)} />
      <Group align="flex-start" gap="md">
        <NativeSelect
          label={t.platform}
          value={platform}
          onChange={(event) => setPlatform(PLATFORMS.find((one) => one === event.currentTarget.value) ?? "any")}
          data={PLATFORMS.map((one) => ({ value: one, label: t.platforms[one] }))}
        />
        <Text size="sm" flex="1 1 16rem" pt={{ base: 0, xs: 26 }} aria-live="polite">{t.hints[platform]}</Text>
      </Group>
      <Text size="sm" c="dimmed">
        {t.afterwards} <Anchor href={`/widget/test?project=${encodeURIComponent(project.id)}`} target="_blank" rel="noopener noreferrer" size="sm" underline="always">{t.test}</Anchor>
      </Text>
    </Card>
  );
}
