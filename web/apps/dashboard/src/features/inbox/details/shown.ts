/** Whether the details are shown: beside the conversation where there is room, else when asked for. */
import { useMediaQuery } from "@mantine/hooks";
import { useInboxAddress } from "../address.ts";

/** As in the style sheet. */
export const WIDE = "(min-width: 90em)";

export function useDetails() {
  const { search, change } = useInboxAddress();
  const isWide = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false });
  const isShown = isWide ? search.details !== "hidden" : search.details === "shown";
  return {
    isShown,
    toggle: () => change({ details: isShown ? (isWide ? "hidden" : undefined) : isWide ? undefined : "shown" }, true),
  };
}
