/** Asks before what cannot be taken back. Where it can, use `later` instead. */
import { Button, Group, Modal, Text } from "@mantine/core";
import { useTexts } from "../../texts/index.ts";
import { formTexts } from "./formtexts.ts";

type Props = { isOpen: boolean; close: () => void; title: string; text: string; yes: string; act: () => void; isHarmless?: boolean };

export function Confirm({ isOpen, close, title, text, yes, act, isHarmless }: Props) {
  const t = useTexts(formTexts);
  return (
    <Modal opened={isOpen} onClose={close} title={title} centered closeButtonProps={{ "aria-label": t.cancel }}>
      <Text mb="md">{text}</Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" data-autofocus onClick={close}>{t.cancel}</Button>
        <Button
          {...(isHarmless ? {} : { color: "red" })}
          onClick={() => {
            close();
            act();
          }}
        >
          {yes}
        </Button>
      </Group>
    </Modal>
  );
}
