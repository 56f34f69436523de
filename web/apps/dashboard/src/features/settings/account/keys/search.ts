/** What the address of the keys' page can say: whether to show all, and for which program to make one. */
export const PROGRAMS = ["answerdesk", "noras", "chatorex", "novachat", "orac", "novaro"] as const;

export type Program = (typeof PROGRAMS)[number];

export type KeysSearch = { show?: "all"; program?: Program };

export function validateKeysSearch({ show, program }: Record<string, unknown>): KeysSearch {
  const known = PROGRAMS.find((one) => one === program);
  return { ...(show === "all" && { show }), ...(known && { program: known }) };
}
