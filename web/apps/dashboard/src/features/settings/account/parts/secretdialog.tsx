/** Shows a secret text once. It closes only by its button, so that no stray click loses the text. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { Icon } from "../../../../parts/icons.tsx";
import { texts as common } from "../../../../parts/texts.ts";
import { useTexts } from "../../../../texts/index.ts";
import classes from "./parts.module.css";
import { texts } from "./texts.ts";

type Props = { secret: string | null; title: string; note?: string; onClose: () => void };

export function SecretDialog({ secret, title, note, onClose }: Props) {
  const t = useTexts(texts);
  const { copied: copiedText } = useTexts(common);
  const { copied, copy } = useClipboard({ timeout: 4000 });
  return (
    <Modal opened={secret !== null} onClose={onClose} title={title} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false} size="lg">
      <Stack gap="md">
        <Text size="sm">{note ?? t.secretOnce}</Text>
        <code className={classes.secret} data-testid="secret">{secret}</code>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" data-autofocus leftSection={<Icon name={copied ? "check" : "copy"} size={16} />} onClick={() => copy(secret ?? "")}>
            {copied ? copiedText : t.copySecret}
          </Button>
          <Button onClick={onClose}>{t.secretDone}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
