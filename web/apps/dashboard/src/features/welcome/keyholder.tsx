/** Who came by the banner's link without a log-in: the first claims the installation, others are told that it has an owner. */
import { Alert, Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMe } from "../../api/queries.ts";
import { Icon } from "../../parts/icons.tsx";
import { ownerKey } from "../../session/session.ts";
import { useTexts } from "../../texts/index.ts";
import { type Installation, installationQuery } from "./queries.ts";
import { texts } from "./texts.ts";

export function KeyHolder() {
  const me = useMe();
  return me.user ? null : <Standing />;
}

function Standing() {
  const { data: installation } = useQuery(installationQuery);
  // The steps below do not wait for it.
  if (!installation) return null;
  return installation.claimed ? <Claimed installation={installation} /> : <Unclaimed installation={installation} />;
}

const back = () => new URLSearchParams({ next: location.pathname + location.search });

function Unclaimed({ installation }: { installation: Installation }) {
  const t = useTexts(texts);
  return (
    <Alert mb="lg" icon={<Icon name="key" />} title={t.claimTitle}>
      {t.claimText} {!installation.mails && t.noMails}{" "}
      <Anchor inherit underline="always" href={`/signup?${back()}#${new URLSearchParams({ owner_key: ownerKey() ?? "" })}`}>{t.keyAction}</Anchor>
    </Alert>
  );
}

function Claimed({ installation }: { installation: Installation }) {
  const t = useTexts(texts);
  return (
    <Alert mb="lg" icon={<Icon name="key" />} title={t.claimedTitle}>
      {t.claimedText[installation.signup]}{" "}
      <Anchor inherit underline="always" href={`/login?${back()}`}>{t.logIn}</Anchor>
    </Alert>
  );
}
