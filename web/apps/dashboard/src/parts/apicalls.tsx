/** The panel with the API calls that do what a page does. */
import { Anchor, Collapse, Paper, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTexts } from "../texts/index.ts";
import { CopyButton } from "./copy.tsx";
import { Icon } from "./icons.tsx";
import classes from "./apicalls.module.css";
import { texts } from "./texts.ts";

export type Call = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With the ids of what is shown already in it: `/v1/projects/proj_…/leads`. */
  path: string;
  body?: object;
};

export function ApiCalls({ calls }: { calls: readonly Call[] }) {
  const t = useTexts(texts);
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <Paper withBorder mt="xl" p="sm" component="section" aria-label={t.apiTitle}>
      <UnstyledButton onClick={toggle} aria-expanded={isOpen} className={classes.opener}>
        <Icon name="code" />
        <Text fw={500}>{t.apiTitle}</Text>
        <Icon name={isOpen ? "up" : "down"} />
      </UnstyledButton>
      <Collapse expanded={isOpen}>
        <Stack gap="sm" pt="sm">
          <Text size="sm" c="dimmed">
            {t.apiLead} <Anchor href="/scalar" size="sm">/scalar</Anchor>
          </Text>
          {calls.map((call) => (
            <div key={`${call.method} ${call.path}`} className={classes.call}>
              <pre className={classes.text} tabIndex={0}>{curl(call)}</pre>
              <CopyButton value={curl(call)} />
            </div>
          ))}
        </Stack>
      </Collapse>
    </Paper>
  );
}

function curl({ method, path, body }: Call): string {
  const lines = [`curl${method === "GET" ? "" : ` -X ${method}`} '${location.origin}${path}'`, `  -H "Authorization: Bearer $ANSWERDESK_KEY"`];
  if (body) lines.push(`  -H 'Content-Type: application/json'`, `  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`);
  return lines.join(" \\\n");
}
