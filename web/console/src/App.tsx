import { Brand, Icon, ThemeSwitch } from "@klatch/ui";
import { effect } from "@preact/signals";
import {
  Activity,
  BellRing,
  Building2,
  CircleCheckBig,
  Disc,
  FlameKindling,
  Gauge,
  KeyRound,
  LogOut,
  Menu,
  MonitorPlay,
  Radio,
  ScanSearch,
  ScrollText,
  Server,
  Siren,
  Stethoscope,
  TriangleAlert,
  UserRound,
  Users,
  Webhook,
  X,
  type IconNode,
} from "lucide";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { serverRoot } from "./address";
import { account, accounts, identity, Problem } from "./api/client";
import { follow, following, lost } from "./api/events";
import { act } from "./parts/act";
import { Confirmation, confirmed, Toasts } from "./parts/confirm";
import { clockText } from "./parts/time";
import { Empty, ProblemNote, Skeleton, View } from "./parts/View";
import { hrefOf, route } from "./route";
import { chooseAccount, signOut, whoAmI } from "./signin";
import { theme } from "./theme";

interface Place {
  readonly path: string;
  readonly name: string;
  readonly icon: IconNode;
  /** Only for whoever runs the server. */
  readonly operator?: boolean;
}

const places: readonly (readonly Place[])[] = [
  [
    { path: "", name: "Overview", icon: Activity },
    { path: "sessions", name: "Sessions", icon: Users },
    { path: "meetings", name: "Meetings", icon: MonitorPlay },
    { path: "participants", name: "Participants", icon: UserRound },
    { path: "faults", name: "Faults", icon: TriangleAlert },
    { path: "incidents", name: "Incidents", icon: Siren },
    { path: "alert-rules", name: "Alert rules", icon: BellRing },
    { path: "pre-call-tests", name: "Pre-call tests", icon: Stethoscope },
  ],
  [
    { path: "recordings", name: "Recordings", icon: Disc },
    { path: "hls", name: "HLS", icon: MonitorPlay },
    { path: "livestreams", name: "Livestreams", icon: Radio },
    { path: "webhooks", name: "Webhooks", icon: Webhook },
  ],
  [
    { path: "token", name: "Token inspector", icon: ScanSearch },
    { path: "keys", name: "API keys", icon: KeyRound },
    { path: "limits", name: "Limits", icon: Gauge },
    { path: "audit", name: "Audit log", icon: ScrollText },
    { path: "drills", name: "Drills", icon: FlameKindling },
    { path: "start", name: "First steps", icon: CircleCheckBig },
  ],
  [
    { path: "accounts", name: "Accounts", icon: Building2, operator: true },
    { path: "node", name: "Server", icon: Server, operator: true },
  ],
];

type Loader = () => Promise<() => VNode | null>;

/** Each view is a script of its own, so that the first load is small. */
const views: Readonly<Record<string, Loader>> = {
  "": async () => (await import("./views/Overview")).Overview,
  sessions: async () => (await import("./views/Sessions")).Sessions,
  "sessions/": async () => (await import("./views/Session")).Session,
  meetings: async () => (await import("./views/Meetings")).Meetings,
  "meetings/": async () => (await import("./views/Meetings")).Meeting,
  participants: async () => (await import("./views/Participants")).Participants,
  "participants/": async () => (await import("./views/Participants")).Participant,
  faults: async () => (await import("./views/Faults")).Faults,
  "faults/": async () => (await import("./views/Fault")).Fault,
  incidents: async () => (await import("./views/Incidents")).Incidents,
  "incidents/": async () => (await import("./views/Incidents")).Incident,
  "alert-rules": async () => (await import("./views/AlertRules")).AlertRules,
  "alert-rules/": async () => (await import("./views/AlertRules")).AlertRule,
  "pre-call-tests": async () => (await import("./views/PreCallTests")).PreCallTests,
  "pre-call-tests/": async () => (await import("./views/PreCallTests")).PreCallTest,
  recordings: async () => (await import("./views/Jobs")).Recordings,
  hls: async () => (await import("./views/Jobs")).HLS,
  livestreams: async () => (await import("./views/Jobs")).Livestreams,
  webhooks: async () => (await import("./views/Webhooks")).Webhooks,
  "webhooks/": async () => (await import("./views/Webhooks")).Webhooks,
  token: async () => (await import("./views/Token")).Token,
  keys: async () => (await import("./views/Keys")).Keys,
  limits: async () => (await import("./views/Limits")).Limits,
  audit: async () => (await import("./views/Audit")).Audit,
  drills: async () => (await import("./views/Drills")).Drills,
  start: async () => (await import("./views/Start")).Start,
  accounts: async () => (await import("./views/Accounts")).Accounts,
  node: async () => (await import("./views/Node")).Node,
};

export function App() {
  const [problem, setProblem] = useState<Problem | undefined>();
  const begin = (): void => {
    setProblem(undefined);
    void whoAmI().catch((e: unknown) => setProblem(e instanceof Problem ? e : undefined));
  };
  useEffect(begin, []);
  // The stream of events belongs to whom and what is shown.
  useEffect(() => {
    let end: (() => void) | undefined;
    const stop = effect(() => {
      end?.();
      end = undefined;
      void account.value;
      if (identity.value) end = follow();
    });
    return () => {
      stop();
      end?.();
    };
  }, []);
  const who = identity.value;
  if (problem !== undefined)
    return (
      <main class="alone">
        <h1 class="offscreen">Console</h1>
        <ProblemNote problem={problem} onRetry={begin} />
      </main>
    );
  if (who === undefined)
    return (
      <main class="alone">
        <h1 class="offscreen">Console</h1>
        <Skeleton />
      </main>
    );
  return (
    <>
      {who === null ? <Lazy load={signInView} /> : <Frame />}
      <Confirmation />
      <Toasts />
    </>
  );
}

const signInView: Loader = async () => (await import("./views/SignIn")).SignIn;

function Frame() {
  const [menu, setMenu] = useState(false);
  const [first = "", id] = route.value.path;
  const name = id === undefined ? first : `${first}/`;
  const load = views[name];
  useEffect(() => setMenu(false), [name, id]);
  return (
    <div class={`frame${menu ? " menu-open" : ""}`} data-testid="console">
      <a
        class="skip"
        href="#main"
        onClick={(e) => (e.preventDefault(), document.querySelector<HTMLElement>("#main")?.focus())}
      >
        Skip to the content
      </a>
      <header class="console-bar">
        <button
          type="button"
          class="icon-button menu-button"
          aria-label={menu ? "Close the menu" : "Open the menu"}
          aria-expanded={menu}
          data-testid="menu"
          onClick={() => setMenu(!menu)}
        >
          <Icon icon={menu ? X : Menu} />
        </button>
        <a class="brand-link" href={hrefOf([])} aria-label="Klatch console, overview">
          <Brand />
        </a>
        <AccountChoice />
        <span class="topbar-fill" />
        <Follows />
        <ThemeSwitch theme={theme} />
        <button
          type="button"
          class="icon-button"
          aria-label="Sign out"
          title="Sign out"
          data-testid="sign-out"
          onClick={() => void act(signOut(), "Signed out.")}
        >
          <Icon icon={LogOut} />
        </button>
      </header>
      <nav class="nav" aria-label="Console">
        <Navigation current={first} />
        <Who />
      </nav>
      <main class="console-main" id="main" tabIndex={-1}>
        {load === undefined ? (
          <Nowhere />
        ) : needsAccount(first) ? (
          <NoAccount />
        ) : (
          <Lazy key={`${name} ${account.value}`} load={load} />
        )}
      </main>
    </div>
  );
}

/** Whether the views move by themselves at the moment. */
function Follows() {
  const state = following.value;
  const { since, why } = lost.value;
  const title = {
    connecting: "The stream of events is being opened.",
    live: "Events come in live.",
    lost: `No events have come in since ${clockText(since)}. ${why} The console tries again.`,
  }[state];
  return (
    <span class="follows" role="status" data-testid="follows" data-state={state} title={title}>
      <i /> <span>{{ connecting: "connecting", live: "live", lost: "not live" }[state]}</span>
    </span>
  );
}

function Navigation({ current }: { current: string }) {
  const operator = identity.value?.role !== "developer";
  return (
    <>
      {places.map((group, i) => {
        const seen = group.filter((p) => operator || p.operator !== true);
        return (
          seen.length > 0 && (
            <ul key={i}>
              {seen.map((p) => (
                <li key={p.path}>
                  <a
                    href={hrefOf(p.path === "" ? [] : [p.path])}
                    {...(p.path === current && { "aria-current": "page" as const })}
                  >
                    <Icon icon={p.icon} size={17} /> {p.name}
                  </a>
                </li>
              ))}
            </ul>
          )
        );
      })}
    </>
  );
}

function Who() {
  const who = identity.value;
  if (!who) return null;
  const role = { operator: "Operator", developer: "Developer", support: "Support, read only" }[who.role];
  const everywhere = async (): Promise<void> => {
    const text = (
      <p>
        Every browser in which somebody signed in with this role{who.role === "operator" ? "" : " and account"} has to
        sign in again, this one too.
      </p>
    );
    if (await confirmed("Sign out everywhere?", text, "Sign out everywhere"))
      await act(signOut({ everywhere: true }), "Signed out everywhere.");
  };
  return (
    <div class="who soft">
      <p data-testid="who">
        {role}
        {who.accountName !== null && who.accountName !== "" && <> of {who.accountName}</>}
      </p>
      <p>
        <a class="link" href={`${serverRoot}docs/console`}>
          Documentation
        </a>
      </p>
      <button type="button" class="link" data-testid="sign-out-everywhere" onClick={() => void everywhere()}>
        Sign out everywhere
      </button>
    </div>
  );
}

function AccountChoice() {
  const who = identity.value;
  if (!who || who.role === "developer" || accounts.value.length === 0)
    return who?.accountName ? <span class="account-name">{who.accountName}</span> : null;
  return (
    <label class="account-choice">
      <span class="offscreen">Account</span>
      <select data-testid="account" value={account.value} onChange={(e) => chooseAccount(e.currentTarget.value)}>
        {accounts.value.map((a) => (
          <option key={a.id} value={a.id}>
            {a.name || a.id}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Views that show something without any account. */
const serverViews: readonly string[] = ["accounts", "drills", "node", "start", "token"];

/** Reports whether a view shows what an account has, and there is none yet: on a new server. */
function needsAccount(view: string): boolean {
  const who = identity.value;
  return who?.role !== "developer" && account.value === "" && !serverViews.includes(view);
}

function NoAccount() {
  return (
    <View title="Welcome" testid="no-account">
      <Empty icon={Building2} title="This server has no account yet">
        <p>Meetings, keys and limits belong to an account. The first steps make one, and lead to a call of your own.</p>
        <p>
          <a class="button primary" href={hrefOf(["start"])} data-testid="to-start">
            <Icon icon={CircleCheckBig} size={17} /> First steps
          </a>
        </p>
      </Empty>
    </View>
  );
}

function Nowhere() {
  return (
    <View title="Not a view of the console" testid="nowhere">
      <Empty icon={ScanSearch} title="Nothing is at this address">
        <p>
          The link may be cut off. Begin at the <a href={hrefOf([])}>overview</a>, or search the{" "}
          <a href={hrefOf(["faults"])}>faults</a>.
        </p>
      </Empty>
    </View>
  );
}

/** Shows a view when its script is there. */
function Lazy({ load }: { load: Loader }) {
  const [loaded, setLoaded] = useState<{ load: Loader; view?: () => VNode | null }>();
  useEffect(() => {
    let gone = false;
    load().then(
      (view) => !gone && setLoaded({ load, view }),
      () => !gone && setLoaded({ load }),
    );
    return () => {
      gone = true;
    };
  }, [load]);
  if (loaded?.load !== load) return <Skeleton />;
  if (loaded.view === undefined)
    return (
      <ProblemNote
        problem={
          new Problem(
            0,
            "A script of the console did not load.",
            "Reload the page: the server may have been updated meanwhile.",
          )
        }
        onRetry={() => location.reload()}
      />
    );
  const ViewOf = loaded.view;
  return <ViewOf />;
}
