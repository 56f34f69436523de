/** Opens the canned replies, which are loaded then. */
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useCommands } from "../../../app/commands.ts";
import type { Entry } from "../../../live/shapes.ts";
import { useTexts } from "../../../texts/index.ts";
import { texts } from "../texts.ts";

const CannedReplies = lazy(() => import("./cannedreplies.tsx"));

export function CannedButton(props: { entry: Entry; text: string; insert: (content: string) => void }) {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  useCommands([{ id: "inbox-canned", label: t.canned, group: t.conversation, keys: "m", run: () => setOpen(true) }]);
  return (
    <>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setOpen(true)}>{t.canned}</Button>
      {isOpen && (
        <Suspense>
          <CannedReplies {...props} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
