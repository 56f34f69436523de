import { queryOptions } from "@tanstack/react-query";
import { api, data, every, type Schemas } from "../../../../api/client.ts";

export type Member = Schemas["MemberOut"];
export type Invitation = Schemas["InvitationOut"];
export type Role = Member["role"];

export const ROLES: readonly Role[] = ["owner", "admin", "agent", "viewer"];
/** More of a member's keys than these are not named before the member is removed. */
export const KEYS_NAMED = 50;

export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: () => every((cursor) => data(api.GET("/v1/invitations", { params: { query: { limit: 200, cursor } } }))),
  // What became of a mail is known some seconds later.
  refetchInterval: ({ state }) => (state.data?.some(({ letter }) => letter === null || letter.state === "failing") ? 3000 : false),
});

export const keysOf = async (userId: string) =>
  data(api.GET("/v1/api-keys", { params: { query: { created_by_id: userId, working: true, limit: KEYS_NAMED } } }));
