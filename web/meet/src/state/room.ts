/**
 * What the page knows about the meeting, as one plain value, and how it changes: the view of `@klatch/state`, and what
 * the page keeps beside it. The store turns events of the SDK into actions; the views read the value. Nothing here
 * touches the network or the document.
 */
import { Codes, type FaultFields, type LeaveReason, type PubSubMessage, type Restrictions } from "@klatch/sdk";
import { type Change, emptyView, reduceView, type Snapshot, type View } from "@klatch/state";
import { personText } from "@klatch/ui";
import { t } from "../text";
import { changeOf } from "./egress";
import { type Cause, causeOf, isMutedSpeech, isOwnDoing, isQuiet } from "./trouble";

export type Phase = "form" | "joining" | "lobby" | "meeting" | "left";

/** A participant as the SDK knows it, with what the page adds. */
export interface Person extends Snapshot {
  /** When the hand went up, in ms; 0 while it is down. */
  readonly handAt: number;
  /** When this person last became the active speaker, in ms; 0 for never. */
  readonly spokeAt: number;
}

export interface ChatMessage {
  readonly id: string;
  readonly senderId: string;
  readonly senderName: string;
  readonly text: string;
  readonly at: number;
  /** It was sent to some people only. */
  readonly private: boolean;
  /** To whom, by id: of one's own private messages. */
  readonly to: readonly string[];
  /** Nobody of them was there any more when it was sent. */
  readonly missed: boolean;
  /** What came with the text: from the network, and not checked. */
  readonly payload: PubSubMessage["payload"];
}

/** Somebody who knocks. */
export interface Entry {
  readonly id: string;
  readonly name: string;
}

/** What a moderator may switch off, or wish on. */
export type Device = "audio" | "video";

/** The file of a recording that has stopped. */
export interface RecordedFile {
  /** A link that needs no token and expires. */
  readonly url: string;
  /** When it was ready, in ms. */
  readonly at: number;
  /** Whether the notice of it was dismissed. */
  readonly read: boolean;
}

/** A moderator's wish that one unmutes or switches the camera on. */
export interface Wish {
  readonly kind: Device;
  readonly from: string;
}

export interface RoomState extends View<Person> {
  readonly phase: Phase;
  readonly reconnectingSince: number;
  /** When the next attempt to reconnect begins, in ms; 0 while none is planned. */
  readonly reconnectAt: number;
  /** The server has lost the meeting's session: it restarts, or has. */
  readonly restarting: boolean;
  /** Names by id of everybody who was seen in this meeting: faults tell of people who have left. */
  readonly names: ReadonlyMap<string, string>;
  readonly entries: readonly Entry[];
  readonly wishes: readonly Wish[];
  /** What a moderator has switched off here, until it is read or on again. */
  readonly silenced: readonly Device[];
  /** What a moderator lets participants do, or no more, until it is read; "" for nothing new. */
  readonly rightsNotice: string;
  /** Files of recordings that stopped while this person was inside and may record; oldest first. */
  readonly files: readonly RecordedFile[];
  /** The condition that this person speaks while muted, until it is over, dismissed or unmuted. */
  readonly mutedSpeech: FaultFields | null;
  /** When it was shown last, in ms; 0 for never. */
  readonly mutedSpeechAt: number;
  readonly chat: readonly ChatMessage[];
  readonly unread: number;
  /** All faults of this visit, oldest first. */
  readonly faults: readonly FaultFields[];
  /** Ids of those that a line still tells of. */
  readonly openFaults: readonly string[];
  /** By the id of a fault: the call of this person that it refused. */
  readonly refused: ReadonlyMap<string, Cause>;
  /** In the lobby: since when, and how many inside could answer; -1 while nobody has told. */
  readonly waitingSince: number;
  readonly hosts: number;
  readonly joinedAt: number;
  readonly left: { readonly reason: LeaveReason | null; readonly fault: FaultFields | null };
  /** The latest thing to be said by a screen reader; `n` tells equal texts apart. */
  readonly said: { readonly n: number; readonly text: string };
}

export const emptyRoom: RoomState = {
  ...emptyView,
  phase: "form",
  reconnectingSince: 0,
  reconnectAt: 0,
  restarting: false,
  names: new Map(),
  entries: [],
  wishes: [],
  silenced: [],
  rightsNotice: "",
  files: [],
  mutedSpeech: null,
  mutedSpeechAt: 0,
  chat: [],
  unread: 0,
  faults: [],
  openFaults: [],
  refused: new Map(),
  waitingSince: 0,
  hosts: -1,
  joinedAt: 0,
  left: { reason: null, fault: null },
  said: { n: 0, text: "" },
};

export type Action =
  | Exclude<Change, { readonly type: "person" | "left" | "connection" | "restrictions" }>
  | { readonly type: "joining" }
  | { readonly type: "waiting"; readonly at: number }
  | { readonly type: "pending"; readonly hosts: number }
  | { readonly type: "left"; readonly reason: LeaveReason | null }
  /** `elsewhere`: the next meeting is another one. */
  | { readonly type: "form"; readonly elsewhere?: boolean }
  | { readonly type: "connection"; readonly state: View["connection"]; readonly at: number }
  | { readonly type: "reconnect"; readonly at: number }
  /** `switching`: what this person is switching itself at the moment. */
  | { readonly type: "person"; readonly person: Snapshot; readonly switching: readonly Device[] }
  | { readonly type: "entry"; readonly entry: Entry }
  | { readonly type: "entry-gone"; readonly id: string }
  | { readonly type: "wish"; readonly wish: Wish }
  | { readonly type: "wish-gone"; readonly kind: Device }
  /** `text` tells what has changed. */
  | { readonly type: "restrictions"; readonly restrictions: Restrictions; readonly text: string }
  | { readonly type: "rights-notice"; readonly text: string }
  | { readonly type: "silenced-read"; readonly kind: Device }
  | { readonly type: "recorded"; readonly url: string; readonly at: number }
  | { readonly type: "recorded-read"; readonly url: string }
  | { readonly type: "chat"; readonly messages: readonly PubSubMessage[]; readonly old: boolean }
  | { readonly type: "chat-read" }
  | { readonly type: "hand"; readonly id: string; readonly at: number }
  | { readonly type: "say"; readonly text: string }
  /** `refused`: the call that was refused with it. */
  | { readonly type: "fault"; readonly fault: FaultFields; readonly refused?: Cause | undefined }
  /** Something works, or is tried again: what was said of it before is no news any more. */
  | { readonly type: "settled"; readonly cause: Cause }
  | { readonly type: "fault-dismissed"; readonly id: string };

/** Whether a word of the token allows something: `allow_mod`, `allow_end` the session, `allow_egress`. */
export function may(state: RoomState, permission: "allow_mod" | "allow_end" | "allow_egress"): boolean {
  return state.permissions.includes(permission);
}

/** What moderators may take from participants. */
export type Right = keyof Restrictions;

/** Whether oneself may not do something that only those may do at the moment who moderate. */
export function bars(state: RoomState, right: Right): boolean {
  return state.restrictions[right] && !may(state, "allow_mod");
}

export function self(state: RoomState): Person | undefined {
  return state.people.find((p) => p.local);
}

export function personName(state: RoomState, id: string): string {
  return state.people.find((p) => p.id === id)?.name ?? t("somebody");
}

export function reduce(state: RoomState, action: Action): RoomState {
  switch (action.type) {
    case "joining":
      // The faults of an earlier attempt stay in the list, but no panel of theirs covers the new one.
      return { ...emptyRoom, phase: "joining", chat: state.chat, faults: state.faults, said: state.said };
    case "waiting":
      return say({ ...state, phase: "lobby", waitingSince: action.at }, t("saysWaiting"));
    case "pending":
      return { ...state, phase: "lobby", hosts: action.hosts };
    case "joined":
      return say(
        {
          ...known(state, action),
          phase: "meeting",
          joinedAt: action.at,
          names: new Map(action.people.map((p) => [p.id, p.name])),
        },
        t(action.egress.recording === "RECORDING_STARTED" ? "saysJoinedRecorded" : "saysJoined"),
      );
    case "egress": {
      const change = changeOf(state.egress, action.egress);
      // The last watch page stays known: what it showed can still be seen there.
      const urls = action.egress.urls.playbackHlsUrl === undefined ? state.egress.urls : action.egress.urls;
      const next = known(state, { type: "egress", egress: { ...action.egress, urls } });
      return change === undefined ? next : say(next, change);
    }
    case "left":
      return outside(state, action.reason, state.left.fault);
    case "form":
      return {
        ...emptyRoom,
        // A session that is joined next may know nothing of the one that was left.
        chat: action.elsewhere === true ? [] : state.chat,
        faults: state.faults,
        openFaults: state.openFaults,
        said: state.said,
      };
    case "connection": {
      const next = known(state, action);
      const reconnecting = action.state === "RECONNECTING";
      // Joining and leaving have words of their own.
      if (state.phase !== "meeting" || reconnecting === state.reconnectingSince > 0) return next;
      if (!reconnecting && action.state !== "CONNECTED") return next;
      return say(
        {
          ...(reconnecting ? next : settled(next, "connection")),
          reconnectingSince: reconnecting ? action.at : 0,
          reconnectAt: 0,
          restarting: false,
        },
        t(reconnecting ? "saysReconnecting" : "saysConnected"),
      );
    }
    case "reconnect":
      return { ...state, reconnectAt: action.at };
    case "person":
      return withPerson(state, action.person, action.switching);
    case "person-left": {
      const gone = state.people.find((p) => p.id === action.id);
      if (gone === undefined) return state;
      return say(known(state, action), t("saysPersonLeft", { name: gone.name }));
    }
    case "speaker":
      return {
        ...known(state, action),
        people: action.id === null ? state.people : update(state.people, action.id, { spokeAt: action.at }),
      };
    case "lock":
      return say(known(state, action), t(action.locked ? "saysLocked" : "saysUnlocked"));
    case "restrictions": {
      const { restrictions, text } = action;
      const next = { ...state, restrictions };
      // Who may not switch something on is neither asked to, nor told once more that it went off.
      const silenced = state.silenced.filter((kind) => !bars(next, kind));
      const wishes = state.wishes.filter(({ kind }) => !bars(next, kind));
      const rightsNotice = may(state, "allow_mod") ? "" : text;
      return say({ ...next, silenced, wishes, rightsNotice }, text);
    }
    case "rights-notice":
      return { ...say(state, action.text), rightsNotice: action.text };
    case "main":
    case "devices":
      return known(state, action);
    case "presenter":
      if (state.presenterId === action.id) return state;
      return say(
        known(state, action),
        action.id === null
          ? t("saysShareEnded")
          : action.id === self(state)?.id
            ? t("saysYouShare")
            : t("saysPersonShares", { name: personName(state, action.id) }),
      );
    case "entry":
      if (state.entries.some((e) => e.id === action.entry.id)) return state;
      return say({ ...state, entries: [...state.entries, action.entry] }, t("asksToJoin", { name: action.entry.name }));
    case "entry-gone":
      return { ...state, entries: state.entries.filter((e) => e.id !== action.id) };
    case "wish":
      return say(
        { ...state, wishes: [...state.wishes.filter((w) => w.kind !== action.wish.kind), action.wish] },
        t(action.wish.kind === "audio" ? "asksYouToUnmute" : "asksYourCamera", { name: action.wish.from }),
      );
    case "wish-gone":
      return { ...state, wishes: state.wishes.filter((w) => w.kind !== action.kind) };
    case "silenced-read":
      return { ...state, silenced: state.silenced.filter((k) => k !== action.kind) };
    case "recorded":
      return say(
        { ...state, files: [...state.files, { url: action.url, at: action.at, read: false }].slice(-maxFiles) },
        t("recordingReady"),
      );
    case "recorded-read":
      return { ...state, files: state.files.map((f) => (f.url === action.url ? { ...f, read: true } : f)) };
    case "chat":
      return withMessages(state, action.messages, action.old);
    case "chat-read":
      return state.unread === 0 ? state : { ...state, unread: 0 };
    case "hand":
      return withHand(state, action.id, action.at);
    case "say":
      return say(state, action.text);
    case "fault":
      return withFault(state, action.fault, action.refused);
    case "settled":
      return settled(state, action.cause);
    case "fault-dismissed":
      return {
        ...state,
        openFaults: state.openFaults.filter((id) => id !== action.id),
        mutedSpeech: state.mutedSpeech?.id === action.id ? null : state.mutedSpeech,
      };
  }
}

/** How many files of recordings are kept at hand. */
const maxFiles = 20;

/** Whoever speaks while muted is told so once in this time. */
const mutedSpeechEveryMs = 60_000;

function withMutedSpeech(state: RoomState, fault: FaultFields): RoomState {
  const at = Date.parse(fault.at);
  if (state.mutedSpeechAt > 0 && at - state.mutedSpeechAt < mutedSpeechEveryMs) return state;
  return say({ ...state, mutedSpeech: fault, mutedSpeechAt: at }, personText(fault).what);
}

/** The state after a change of the meeting, before the page has added anything. */
function known(state: RoomState, change: Change): RoomState {
  return reduceView<Person, RoomState>(state, change, (p) => ({ ...p, handAt: 0, spokeAt: 0 }));
}

function say(state: RoomState, text: string): RoomState {
  return { ...state, said: { n: state.said.n + 1, text } };
}

function update(people: readonly Person[], id: string, change: Partial<Person>): readonly Person[] {
  return people.map((p) => (p.id === id ? { ...p, ...change } : p));
}

function withPerson(state: RoomState, person: Snapshot, switching: readonly Device[]): RoomState {
  const before = state.people.find((p) => p.id === person.id);
  const next = known(state, { type: "person", person });
  if (before !== undefined) {
    if (person.local) {
      const own = withOwnDevices(next, before, person, switching);
      return person.on.audio ? { ...own, mutedSpeech: null } : own;
    }
    if (before.connectionState === person.connectionState) return next;
    const away = person.connectionState === "RECONNECTING";
    return say(next, t(away ? "saysPersonLost" : "saysPersonConnected", { name: person.name }));
  }
  const names = new Map(state.names).set(person.id, person.name);
  return say({ ...next, names }, t("saysPersonJoined", { name: person.name }));
}

const devices = [
  {
    kind: "video",
    code: Codes.ERROR_WEBCAM_TRACK_ENDED,
    says: { on: "saysCameraOn", off: "saysCameraOff", byOther: "moderatorCameraOff" },
  },
  {
    kind: "audio",
    code: Codes.ERROR_MICROPHONE_TRACK_ENDED,
    says: { on: "saysMicrophoneOn", off: "saysMicrophoneOff", byOther: "moderatorMutedYou" },
  },
] as const;

/** Says what became of one's own devices, and notes what went off without one's own doing. */
function withOwnDevices(state: RoomState, before: Snapshot, now: Snapshot, switching: readonly Device[]): RoomState {
  let next = state;
  for (const { kind, code, says } of devices) {
    if (before.on[kind] === now.on[kind]) continue;
    const silenced = next.silenced.filter((k) => k !== kind);
    const last = next.faults.at(-1);
    // A device that was pulled out, or ended, goes off too; its fault came just before.
    const lost = last?.code === code;
    const byOther = !now.on[kind] && !lost && !switching.includes(kind);
    next = say(
      { ...next, silenced: byOther ? [...silenced, kind] : silenced },
      t(says[byOther ? "byOther" : now.on[kind] ? "on" : "off"]),
    );
  }
  return next;
}

/** The words of a message. Another app may have published an object: then its JSON text. */
function textOf(message: unknown): string {
  return typeof message === "string" ? message : JSON.stringify(message);
}

function withMessages(state: RoomState, messages: readonly PubSubMessage[], old: boolean): RoomState {
  const known = new Set(state.chat.map((m) => m.id));
  const fresh = messages
    .filter((m) => !known.has(m.id))
    .map((m) => ({
      id: m.id,
      senderId: m.senderId,
      senderName: m.senderName,
      text: textOf(m.message),
      at: Date.parse(m.timestamp),
      private: m.private === true,
      to: m.sendOnly ?? [],
      // The server tells of a message and of who leaves in the order in which they happened.
      missed: !old && m.sendOnly !== undefined && !state.people.some((p) => m.sendOnly?.includes(p.id)),
      payload: m.payload,
    }));
  if (fresh.length === 0) return state;
  const chat = [...state.chat, ...fresh].sort((a, b) => a.at - b.at);
  const own = self(state)?.id;
  const foreign = old ? [] : fresh.filter((m) => m.senderId !== own);
  const next = { ...state, chat, unread: state.unread + foreign.length };
  const last = foreign.at(-1);
  return last === undefined
    ? next
    : say(next, t(last.private ? "saysWrotePrivately" : "saysWrote", { name: last.senderName, message: last.text }));
}

function withHand(state: RoomState, id: string, at: number): RoomState {
  const person = state.people.find((p) => p.id === id);
  if (person === undefined || person.handAt > 0 === at > 0) return state;
  const next = { ...state, people: update(state.people, id, { handAt: at }) };
  if (person.local) return say(next, t(at > 0 ? "saysYourHandUp" : "saysYourHandDown"));
  return say(next, t(at > 0 ? "saysHandUp" : "saysHandDown", { name: person.name }));
}

/** The meeting is over for us: what belonged to it goes, chat and faults stay to be read. */
function outside(state: RoomState, reason: LeaveReason | null, fault: FaultFields | null): RoomState {
  return {
    ...state,
    ...emptyView,
    connection: state.connection,
    permissions: state.permissions,
    phase: "left",
    entries: [],
    wishes: [],
    silenced: [],
    rightsNotice: "",
    mutedSpeech: null,
    openFaults: [],
    reconnectingSince: 0,
    reconnectAt: 0,
    restarting: false,
    left: { reason, fault },
  };
}

function isRestart({ code, reason }: FaultFields): boolean {
  return code === Codes.SERVER_SHUTDOWN || (code === Codes.RECONNECT_FAILED && reason === "SESSION_UNKNOWN");
}

/** A fault arrives by event and by rejected call, under one id: it is taken once. */
function withFault(state: RoomState, fault: FaultFields, refused: Cause | undefined): RoomState {
  if (isOwnDoing(fault)) return state;
  if (isMutedSpeech(fault)) return withMutedSpeech(state, fault);
  const noted = refused === undefined ? state : { ...state, refused: new Map(state.refused).set(fault.id, refused) };
  if (state.faults.some((f) => f.id === fault.id)) return noted;
  const faults = [...state.faults, fault];
  // A session that is lost and joined anew: the banner tells, and what has to be done is being done.
  if (!fault.fatal && state.reconnectingSince > 0 && isRestart(fault)) return { ...noted, faults, restarting: true };
  const { what, todo } = personText(fault);
  if (fault.fatal) {
    return say(outside({ ...noted, faults }, state.left.reason, fault), `${what} ${todo}`);
  }
  // What one may not do is said where one would do it.
  const isBarred = (right: Right): boolean =>
    fault.reason === `${right.toUpperCase()}_RESTRICTED` && bars(state, right);
  const barred = (Object.keys(state.restrictions) as Right[]).some(isBarred);
  if (isQuiet(fault) || barred) return { ...noted, faults };
  // The same again takes the place of the line before.
  const same = new Set(faults.filter((f) => f.code === fault.code && f.reason === fault.reason).map((f) => f.id));
  const openFaults = [...state.openFaults.filter((id) => !same.has(id)), fault.id];
  return say({ ...noted, faults, openFaults }, `${what} ${todo}`);
}

/** Takes the lines away that told of something that works now, or is tried again. */
function settled(state: RoomState, cause: Cause): RoomState {
  const gone = new Set(
    state.faults.filter((f) => state.refused.get(f.id) === cause || causeOf(f) === cause).map((f) => f.id),
  );
  if (!state.openFaults.some((id) => gone.has(id))) return state;
  return { ...state, openFaults: state.openFaults.filter((id) => !gone.has(id)) };
}
