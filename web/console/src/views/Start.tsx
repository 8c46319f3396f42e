import { Icon } from "@klatch/ui";
import { Circle, CircleCheckBig, ExternalLink } from "lucide";
import { useRef, useState } from "preact/hooks";
import { serverRoot } from "../address";
import { account, accounts, get, identity, request, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { AccountRecord, KeyRecord, PageOf, RoomRecord, SessionRecord } from "../api/types";
import { act } from "../parts/act";
import { keyRights, mayChange } from "../parts/rights";
import { View } from "../parts/View";
import { hrefOf } from "../route";
import { chooseAccount, loadAccounts } from "../signin";
import { mint } from "../token/mint";
import { SecretDialog, type CreatedKey } from "./Keys";
import { useReloadOnSession } from "./Sessions";

interface Progress {
  readonly keys: number;
  readonly rooms: readonly RoomRecord[];
  readonly sessions: readonly SessionRecord[];
}

/** From nothing to a call of one's own, step by step. */
export function Start() {
  const rights = keyRights();
  const [shown, setShown] = useState<CreatedKey | undefined>();
  const [room, setRoom] = useState("");
  const [link, setLink] = useState("");
  // The secret stays in the memory of this view, to sign one token with it, and leaves with the view.
  const key = useRef<CreatedKey | undefined>(undefined);
  const load = useLoad(`${account.value}`, async (signal): Promise<Progress> => {
    if (account.value === "") return { keys: 0, rooms: [], sessions: [] };
    const [keys, rooms, sessions] = await Promise.all([
      get<PageOf<KeyRecord>>(rights.path, { ...rights.query, perPage: 100 }, signal),
      get<PageOf<RoomRecord>>("/v2/rooms", { perPage: 1 }, signal),
      get<PageOf<SessionRecord>>("/v2/sessions", { perPage: 1 }, signal),
    ]);
    return { keys: keys.data.filter((k) => k.state === "active").length, rooms: rooms.data, sessions: sessions.data };
  });
  useReloadOnSession(load.reload);
  const progress = load.value;
  const makeAccount = async (): Promise<void> => {
    let made: AccountRecord | undefined;
    const call = request<AccountRecord>("POST", "/admin/v1/accounts", { body: { name: "My product" } }).then(
      (a) => (made = a),
    );
    if (!(await act(call, "The account is made.")) || made === undefined) return;
    await loadAccounts();
    chooseAccount(made.id);
  };
  const makeKey = async (): Promise<void> => {
    let made: CreatedKey | undefined;
    const body = { ...rights.query, label: "first steps" };
    const call = request<CreatedKey>("POST", rights.path, { body }).then((k) => (made = k));
    if (!(await act(call, "The key is made.")) || made === undefined) return;
    key.current = made;
    setShown(made);
    load.reload();
  };
  const makeRoom = async (): Promise<void> => {
    const call = request<RoomRecord>("POST", "/v2/rooms", { body: {} }).then((r) => setRoom(r.roomId));
    if (await act(call, "The meeting is made.")) load.reload();
  };
  const meeting = room || progress?.rooms[0]?.roomId || "";
  const makeLink = async (): Promise<void> => {
    if (key.current === undefined) return;
    const claims = { permissions: ["allow_join", "allow_mod"], roles: ["rtc"], roomId: meeting };
    const token = await mint(key.current.apiKey, key.current.secret, claims, Date.now());
    if (token !== undefined) setLink(`${serverRoot}meet/${seg(meeting)}#token=${token}`);
  };
  const may = mayChange() && rights.may;
  const session = progress?.sessions[0];
  const steps: readonly Step[] = [
    ...(identity.value?.role === "developer"
      ? []
      : [
          {
            name: "An account",
            done: accounts.value.length > 0,
            text: "Keys, meetings and limits belong to an account: one for each product or customer.",
            action: may && <StepButton testid="start-account" label="Make an account" onClick={makeAccount} />,
          },
        ]),
    {
      name: "An API key",
      done: (progress?.keys ?? 0) > 0,
      text: "Your server signs the tokens of participants with the secret of a key. The secret is shown once.",
      action: may && account.value !== "" && <StepButton testid="start-key" label="Make a key" onClick={makeKey} />,
    },
    {
      name: "A meeting",
      done: meeting !== "",
      text: "Your server makes it with POST /v2/rooms and gives its id to the participants.",
      action: may && account.value !== "" && (
        <StepButton testid="start-room" label="Make a meeting" onClick={makeRoom} />
      ),
    },
    {
      name: "A token",
      done: link !== "" || session !== undefined,
      text:
        "It says who may do what, for a while. This page can sign one for you with the key that you just made; " +
        "later your server does.",
      action: (
        <>
          {key.current !== undefined && meeting !== "" && link === "" && globalThis.crypto?.subtle !== undefined && (
            <StepButton testid="start-token" label="Sign a token" onClick={makeLink} />
          )}
          {link === "" && (
            <pre class="command">
              {`klatch token --api-key ${key.current?.apiKey ?? "KEY"} ` +
                "--secret SECRET --permissions allow_join,allow_mod"}
            </pre>
          )}
          {link !== "" && (
            <p class="soft">
              Signed, for an hour. <a href={hrefOf(["token"])}>The inspector</a> says what is in a token.
            </p>
          )}
        </>
      ),
    },
    {
      name: "A call of your own",
      done: session !== undefined,
      text: "Open the meeting in two windows, and see yourself twice.",
      action:
        link !== "" ? (
          <a class="button primary" href={link} target="_blank" rel="noopener noreferrer" data-testid="start-join">
            <Icon icon={ExternalLink} size={17} /> Open the meeting
          </a>
        ) : session === undefined ? (
          <p class="soft">Waits for the steps above, or for somebody who joins with a token of your server.</p>
        ) : null,
    },
    {
      name: "See what happened",
      done: false,
      text: "The session view shows who came and went, what they sent, how well, and every fault with its remedy.",
      action: session !== undefined && (
        <a class="button" href={hrefOf(["sessions", session.id])} data-testid="start-session">
          Open the session
        </a>
      ),
    },
    {
      name: "A fault, made on purpose",
      done: false,
      text: "A drill makes a fault happen for its real cause, so that you know what your app and your users are told.",
      action: (
        <a class="button" href={hrefOf(["drills"])} data-testid="start-drills">
          Choose a drill
        </a>
      ),
    },
  ];
  const next = steps.findIndex((s) => !s.done);
  return (
    <View title="First steps" lead="From nothing to a call of your own, in five minutes." testid="start-view">
      <ol class="steps">
        {steps.map((step, i) => (
          <li key={step.name} data-done={step.done} {...(i === next && { "aria-current": "step" as const })}>
            <Icon icon={step.done ? CircleCheckBig : Circle} size={22} />
            <div>
              <h2>
                {step.name} {step.done && <span class="offscreen">done</span>}
              </h2>
              <p class="soft">{step.text}</p>
              {step.action !== null && step.action !== false && <div class="step-action">{step.action}</div>}
            </div>
          </li>
        ))}
      </ol>
      {shown !== undefined && <SecretDialog created={shown} onClose={() => setShown(undefined)} />}
    </View>
  );
}

interface Step {
  readonly name: string;
  readonly done: boolean;
  readonly text: string;
  readonly action: preact.ComponentChildren;
}

function StepButton({ label, testid, onClick }: { label: string; testid: string; onClick: () => Promise<void> }) {
  return (
    <button type="button" class="button small" data-testid={testid} onClick={() => void onClick()}>
      {label}
    </button>
  );
}
