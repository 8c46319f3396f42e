import { account, identity } from "../api/client";

/** Whether whoever is signed in may change something. */
export const mayChange = (): boolean => identity.value?.role !== "support";

export const isOperator = (): boolean => identity.value?.role === "operator";

/** Where the keys of the account are, and whether they may be changed. */
export function keyRights(): { path: string; query: { accountId?: string }; may: boolean; mayPause: boolean } {
  return identity.value?.role === "developer"
    ? { path: "/v2/keys", query: {}, may: true, mayPause: false }
    : { path: "/admin/v1/keys", query: { accountId: account.value }, may: isOperator(), mayPause: isOperator() };
}
