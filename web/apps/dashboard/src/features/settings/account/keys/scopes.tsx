/** The choice of what a key may do: everything, or some of it by what it is about. */
import { Checkbox, Radio, Stack, Text } from "@mantine/core";
import { useTexts } from "../../../../texts/index.ts";
import classes from "./keys.module.css";
import type { Scope } from "./queries.ts";
import { texts } from "./texts.ts";

export const RESOURCES = ["conversations", "leads", "knowledge", "agents", "projects", "webhooks", "privacy"] as const;

export type Access = "read" | "write" | "some";

type Props = {
  access: Access;
  scopes: readonly Scope[];
  onChange: (change: { access?: Access; scopes?: Scope[] }) => void;
};

export function ScopeChoice({ access, scopes, onChange }: Props) {
  const t = useTexts(texts);
  const toggle = (scope: Scope, isOn: boolean) => onChange({ scopes: isOn ? [...scopes, scope] : scopes.filter((one) => one !== scope) });
  return (
    <div>
      <Radio.Group label={t.access} value={access} onChange={(value) => onChange({ access: value as Access })}>
        <Stack gap={6} mt={6}>
          <Radio value="read" label={t.readAll} />
          <Radio value="write" label={t.writeAll} />
          <Radio value="some" label={t.someAccess} />
        </Stack>
      </Radio.Group>
      {access === "some" ? (
        <table className={classes.scopes}>
          <thead><tr><th scope="col">{t.what}</th><th scope="col">{t.read}</th><th scope="col">{t.write}</th></tr></thead>
          <tbody>
            {RESOURCES.map((one) => {
              const isWriting = scopes.includes(`${one}:write`);
              return (
                <tr key={one}>
                  <th scope="row">{t.resources[one]}</th>
                  <td><Checkbox aria-label={t.readOf(t.resources[one])} checked={isWriting || scopes.includes(`${one}:read`)} disabled={isWriting} onChange={(event) => toggle(`${one}:read`, event.currentTarget.checked)} /></td>
                  <td><Checkbox aria-label={t.writeOf(t.resources[one])} checked={isWriting} onChange={(event) => toggle(`${one}:write`, event.currentTarget.checked)} /></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : (
        <Text size="xs" c="dimmed" mt={6}>{t.notPrivacy}</Text>
      )}
    </div>
  );
}

/** What is sent: changing includes reading. */
export function scopesOf(access: Access, chosen: readonly Scope[]): Scope[] {
  if (access !== "some") return [access];
  return chosen.filter((one) => !one.endsWith(":read") || !chosen.some((other) => other === one.replace(":read", ":write")));
}

/** A key's scopes in words. */
export function useScopesTold(scopes: readonly string[]): string {
  const t = useTexts(texts);
  const of = (action: string) => [
    ...(scopes.includes(action) ? [t.everything] : []),
    ...RESOURCES.filter((one) => scopes.includes(`${one}:${action}`)).map((one) => t.resources[one]),
  ];
  const [read, write] = [of("read"), of("write")];
  return [read.length && t.mayRead(read.join(", ")), write.length && t.mayWrite(write.join(", "))].filter(Boolean).join("; ");
}
