import { storageIfAllowed } from "@klatch/ui";
import { base } from "./address";
import { account, accounts, get, identity, Problem, request, seg } from "./api/client";
import type { AccountRecord, Identity, PageOf } from "./api/types";
import { navigate, route, setQuery } from "./route";

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

export type Proof = { readonly adminToken: string } | { readonly invite: string };

/** Reads what was typed or pasted: the operator's token, or a sign-in link. */
export function proofOf(text: string): Proof {
  const [, fragment] = text.split("#");
  const invite = new URLSearchParams(fragment ?? "").get("invite")?.trim();
  return invite ? { invite } : { adminToken: text.trim() };
}

/** Signs in with the operator's token, or with the invitation of a link. */
export async function signIn(proof: Proof): Promise<void> {
  const who = await request<Identity>("POST", "/console/v1/sign-in", { body: proof });
  const to = takeWanted();
  if (to !== undefined) navigate(to, { replace: true });
  await enter(who);
}

const wanted = "klatch.console.wanted";
const wantedMs = 3_600_000;

/**
 * Keeps where somebody wanted to go who has to sign in first: a sign-in link opens the first page of the console, in
 * another tab, and shall lead on to the fault of the ticket.
 */
export function keepWanted(): void {
  if (route.value.path.length === 0) return;
  const place = JSON.stringify({ to: location.pathname + location.search, at: Date.now() });
  try {
    storageIfAllowed("localStorage")?.setItem(wanted, place);
  } catch {
    // a browser that keeps nothing begins with the overview
  }
}

/** Takes the place that was kept, if one begins at the first page and it is not old. */
function takeWanted(): string | undefined {
  const storage = storageIfAllowed("localStorage");
  const kept = storage?.getItem(wanted);
  storage?.removeItem(wanted);
  if (!kept || route.value.path.length > 0) return undefined;
  try {
    const { to, at } = JSON.parse(kept) as { to?: unknown; at?: unknown };
    const young = typeof at === "number" && Date.now() - at < wantedMs;
    return young && typeof to === "string" && to.startsWith(base) ? to : undefined;
  } catch {
    return undefined;
  }
}

/** Signs out here, or everybody of the same role and account. */
export async function signOut({ everywhere = false } = {}): Promise<void> {
  await request("POST", "/console/v1/sign-out", { body: everywhere ? { everywhere } : {} });
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
    const named = route.value.query.get("account");
    if (named !== null) await addAccount(named);
    const wanted = [named, storage?.getItem(remembered), accounts.value[0]?.id];
    account.value = wanted.find((id) => accounts.value.some((a) => a.id === id)) ?? "";
    if (account.value !== "") setQuery({ account: account.value });
  }
  identity.value = who;
}

export async function loadAccounts(): Promise<void> {
  const page = await get<PageOf<AccountRecord>>("/admin/v1/accounts", { perPage: 100 });
  accounts.value = page.data;
}

/** Adds the account of a link to those to choose from: a server may have more of them than one page. */
async function addAccount(id: string): Promise<void> {
  if (accounts.value.some((a) => a.id === id)) return;
  try {
    accounts.value = [...accounts.value, await get<AccountRecord>(`/admin/v1/accounts/${seg(id)}`)];
  } catch (e) {
    if (!(e instanceof Problem)) throw e; // the first account is shown where that one is not there
  }
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
