/** The line that puts the chat on a website, and where to see it before. */
import { Anchor, Button, Group } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import type { Schemas } from "../../api/client.ts";
import { Icon } from "../../parts/icons.tsx";
import { AnchorLink, ButtonLink } from "../../parts/links.tsx";
import { Outside } from "../../parts/outside.tsx";
import { useTexts } from "../../texts/index.ts";
import { texts as common } from "../../parts/texts.ts";
import { texts } from "./texts.ts";
import classes from "./welcome.module.css";

const route = getRouteApi("/account/welcome");

export function TagStep({ project: { id, tag } }: { project: Schemas["ProjectOut"] }) {
  const t = useTexts(texts);
  const { copied: said } = useTexts(common);
  const navigate = route.useNavigate();
  const { copied, copy } = useClipboard({ timeout: 3000 });
  return (
    <section className={classes.tagStep} aria-labelledby="tag">
      <h2 id="tag" className={classes.title}>{t.tagTitle}</h2>
      <p>{t.tagLead}</p>
      <pre className={classes.tag} tabIndex={0} role="region" aria-label={t.tagLabel}>{tag}</pre>
      <Group gap="sm">
        <Button leftSection={<Icon name={copied ? "check" : "copy"} />} onClick={() => copy(tag)}>{copied ? said : t.copyTag}</Button>
        <span className={classes.hidden} role="status">{copied ? said : ""}</span>
      </Group>
      <ul className={classes.ways}>
        <li><Outside href={`/widget/test?project=${encodeURIComponent(id)}`}>{t.testPage}</Outside></li>
        <li><Anchor href={`mailto:?subject=${encodeURIComponent(t.mailSubject)}&body=${encodeURIComponent(t.mailBody(tag))}`}>{t.mail}</Anchor></li>
        <li><AnchorLink to="/p/$projectId/settings/look" params={{ projectId: id }}>{t.look}</AnchorLink></li>
      </ul>
      <Group justify="space-between" mt="xl">
        <Button variant="subtle" onClick={() => void navigate({ search: { project: id, step: "try" } })}>{t.back}</Button>
        <ButtonLink size="md" to="/p/$projectId/overview" params={{ projectId: id }}>{t.finish}</ButtonLink>
      </Group>
    </section>
  );
}
