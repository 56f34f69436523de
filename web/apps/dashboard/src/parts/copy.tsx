/** A button that copies a text. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useTexts } from "../texts/index.ts";
import { Icon } from "./icons.tsx";
import { texts } from "./texts.ts";

export function CopyButton({ value, label }: { value: string; label?: string }) {
  const t = useTexts(texts);
  const { copied, copy } = useClipboard({ timeout: 2000 });
  const name = copied ? t.copied : (label ?? t.copy);
  return (
    <Tooltip label={name}>
      <ActionIcon variant="default" size="lg" aria-label={name} onClick={() => copy(value)}>
        <Icon name={copied ? "check" : "copy"} />
      </ActionIcon>
    </Tooltip>
  );
}
