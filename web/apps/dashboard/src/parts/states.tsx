/** The states that every page has besides its content: empty, loading, failed, refused. */
import { Problem } from "@answerdesk/api";
import { Button, Center, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../texts/index.ts";
import { Icon, type IconName } from "./icons.tsx";
import { texts } from "./texts.ts";

/** Nothing is here yet: what will be, and the button that begins it. */
export function Empty({ icon, title, children, action }: { icon: IconName; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Center py={64} px="md">
      <Stack align="center" gap="sm" maw={460}>
        <Icon name={icon} size={36} />
        <Title order={2} size="h3" ta="center">{title}</Title>
        {children && <Text c="dimmed" ta="center">{children}</Text>}
        {action}
      </Stack>
    </Center>
  );
}

/** Grey lines where the content will be, so that nothing jumps when it is there. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const t = useTexts(texts);
  return (
    <Stack gap="sm" role="status" aria-label={t.loading}>
      {Array.from({ length: rows }, (_, row) => <Skeleton key={row} height={row ? 20 : 32} width={row ? "100%" : "40%"} radius="sm" />)}
    </Stack>
  );
}

/** Why something could not be shown, and what to do. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useTexts(texts);
  const status = error instanceof Problem ? error.status : -1;
  if (status === 403) return <Empty icon="lock" title={t.forbidden}>{t.forbiddenText}</Empty>;
  if (status === 404) return <Empty icon="info" title={t.gone}>{t.goneText}</Empty>;
  return (
    <div role="alert">
      <Empty icon="warning" title={t.failed} action={retry && <Button onClick={retry}>{t.retry}</Button>}>
        {explain(error)}
      </Empty>
    </div>
  );
}

/** What a route shows when its page fails. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const { reset: forgetErrors } = useQueryErrorResetBoundary();
  const retry = () => {
    forgetErrors();
    reset();
    void router.invalidate();
  };
  return <Failure error={error} retry={retry} />;
}

/** What went wrong, for people. */
export const explain = (error: unknown) => (error instanceof Error ? error.message : String(error));
