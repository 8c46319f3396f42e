import { storageIfAllowed } from "@klatch/ui";
import { account, accounts, get, identity, Problem, request } from "./api/client";
import type { AccountRecord, Identity, PageOf } from "./api/types";
import { route, setQuery } from "./route";

const remembered = "klatch.console.account";

/** Finds out who is signed in, from the cookie. */
export async function whoAmI(): Promise<void> {
  try {
    await enter(await get<Identity>("/console/v1/me"));
  } catch (e) {
    if (e instanceof Problem && e.status === 401) identity.value = null;
    else throw e;
  }
}

/** Signs in with the operator's token, or with the invitation of a link. */
export async function signIn(proof: { adminToken: string } | { invite: string }): Promise<void> {
  await enter(await request<Identity>("POST", "/console/v1/sign-in", { body: proof }));
}

export async function signOut(): Promise<void> {
  await request("POST", "/console/v1/sign-out", { body: {} });
  identity.value = null;
  account.value = "";
  accounts.value = [];
}

async function enter(who: Identity): Promise<void> {
  if (who.role === "developer") account.value = who.accountId ?? "";
  else {
    // Set first: the requests below need it.
    identity.value ??= null;
    await loadAccounts();
    const storage = storageIfAllowed("localStorage");
    const wanted = [route.value.query.get("account"), storage?.getItem(remembered), accounts.value[0]?.id];
    account.value = wanted.find((id) => accounts.value.some((a) => a.id === id)) ?? "";
    if (account.value !== "") setQuery({ account: account.value });
  }
  identity.value = who;
}

export async function loadAccounts(): Promise<void> {
  const page = await get<PageOf<AccountRecord>>("/admin/v1/accounts", { perPage: 100 });
  accounts.value = page.data;
}

/** Shows another account. */
export function chooseAccount(id: string): void {
  account.value = id;
  try {
    storageIfAllowed("localStorage")?.setItem(remembered, id);
  } catch {
    // a browser that keeps nothing begins with the first account
  }
  setQuery({ account: id, page: undefined });
}
