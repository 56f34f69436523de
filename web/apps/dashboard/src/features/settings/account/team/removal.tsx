/** Removing a member: with undo, or, if they made keys that work, with the question what becomes of those. */
import { Checkbox, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "../../../../api/client.ts";
import { membersQuery } from "../../../../api/queries.ts";
import { tellDone, tellFailure } from "../../../../parts/notify.tsx";
import { removeLater } from "../../../../parts/removal.ts";
import { ago } from "../../../../texts/formats.ts";
import { useTexts } from "../../../../texts/index.ts";
import { FormDialog } from "../../../../parts/formdialog.tsx";
import parts from "../parts/parts.module.css";
import { KEYS_NAMED, keysOf, type Member } from "./queries.ts";
import { texts } from "./texts.ts";

type Asked = { member: Member; keys: Schemas["ApiKeyOut"][]; hasMore: boolean };

export function useRemoval() {
  const t = useTexts(texts);
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const done = () => {
    void client.invalidateQueries(membersQuery);
    void client.invalidateQueries({ queryKey: ["keys"] });
  };
  const remove = async (member: Member) => {
    try {
      const { items, next_cursor: next } = await keysOf(member.user_id);
      if (items.length) return setAsked({ member, keys: items, hasMore: Boolean(next) });
      removeLater({ id: member.id, path: `/v1/members/${member.id}?revoke_keys=false`, message: t.removed(member.name || member.email), done });
    } catch (error) {
      tellFailure(error);
    }
  };
  return { remove, question: <Question asked={asked} onClose={() => setAsked(null)} onDone={done} /> };
}

function Question({ asked, onClose, onDone }: { asked: Asked | null; onClose: () => void; onDone: () => void }) {
  const t = useTexts(texts);
  const [revokes, setRevokes] = useState(true);
  const name = asked ? asked.member.name || asked.member.email : "";
  const remove = async () => {
    if (!asked) return;
    await api.DELETE("/v1/members/{member_id}", { params: { path: { member_id: asked.member.id }, query: { revoke_keys: revokes } } });
    tellDone(t.removed(name));
    onDone();
  };
  return (
    <FormDialog opened={asked !== null} onClose={onClose} title={t.removalTitle(name)} submit={t.remove} onSubmit={remove} isRisky>
      <Text size="sm">{t.removalText}</Text>
      <ul className={parts.rows} aria-label={t.removalText}>
        {asked?.keys.map((key) => (
          <li key={key.id} className={parts.row}>
            <div className={parts.text}>
              <div className={parts.name}>{key.name}</div>
              <div className={parts.note}><code>{key.hint}</code> · {key.last_used_at ? `${t.lastUsed} ${ago(key.last_used_at)}` : t.never}</div>
            </div>
          </li>
        ))}
      </ul>
      {asked?.hasMore && <Text size="sm" c="dimmed">{t.removalMore(KEYS_NAMED)}</Text>}
      <Checkbox checked={revokes} onChange={(event) => setRevokes(event.currentTarget.checked)} label={t.revokeKeys} />
    </FormDialog>
  );
}
