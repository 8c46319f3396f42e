import { faults, type Meeting, type Participant, VideoSDK, VideoSDKError } from "@klatch/sdk";
import { type Change, emptyView, follow, reduceView, type View, viewOf } from "@klatch/state";
import { type Callbacks, type Listener, meetingCallbacks, participantCallbacks } from "./callbacks.js";

/** What `MeetingProvider` was last rendered with. */
export interface Setup {
  readonly config: Readonly<Record<string, unknown>>;
  readonly token: string;
}

/** What the hooks show: the meeting that was joined last, if any, and what is known of it. */
export interface Snapshot {
  readonly meeting: Meeting | null;
  readonly view: View;
  readonly messages: readonly unknown[];
}

const none: Snapshot = { meeting: null, view: emptyView, messages: [] };

/** Events of a `Meeting` that Klatch does not offer are not listened to: they never fire. */
type EventName = keyof typeof meetingCallbacks;

/**
 * The meeting of one `MeetingProvider`: makes and leaves it, keeps what the hooks show, and calls their callbacks.
 * It touches no global of a browser until a method is called.
 */
export class Session {
  #setup: Setup;
  #snapshot: Snapshot = none;
  #stop: (() => void) | undefined;
  #joining: Promise<void> | undefined;
  /** join() was called of the present meeting. */
  #started = false;
  #mounted = 0;
  #unmount: ReturnType<typeof setTimeout> | undefined;
  #stopErrors: (() => void) | undefined;
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(setup: Setup = { config: {}, token: "" }) {
    this.#setup = setup;
  }

  // ---- what the hooks show

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly snapshot = (): Snapshot => this.#snapshot;

  get setup(): Setup {
    return this.#setup;
  }

  /** The participant of that id, oneself included. */
  participant(id: string): Participant | undefined {
    const { meeting } = this.#snapshot;
    return id === meeting?.localParticipant.id ? meeting.localParticipant : meeting?.participants.get(id);
  }

  #show(next: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...next };
    for (const watcher of Array.from(this.#watchers)) watcher();
  }

  // ---- of the provider

  update(setup: Setup): void {
    this.#setup = setup;
  }

  /** Has the hooks show another config than before, and joins with it where that is wanted. */
  changed(restart: boolean): void {
    this.#show({});
    if (restart) void this.restart();
  }

  /**
   * Mounts the provider. An unmount counts only when no mount follows at once: StrictMode mounts twice, and neither
   * joins twice nor leaves in between.
   */
  mount(joinNow: boolean): () => void {
    this.#mounted++;
    clearTimeout(this.#unmount);
    this.#unmount = undefined;
    const joining = joinNow && setTimeout(() => !this.#snapshot.meeting && this.#joinUnasked());
    return () => {
      this.#mounted--;
      if (joining) clearTimeout(joining);
      this.#unmount = setTimeout(() => this.#mounted === 0 && this.#abandon());
    };
  }

  /** Leaves, and joins with the present config and token, where the meeting was joined before. */
  async restart(): Promise<void> {
    const { meeting } = this.#snapshot;
    if (meeting === null) return;
    const started = this.#started;
    // What leave() rejects with is told to onError.
    if (started) await meeting.leave().catch(() => undefined);
    if (this.#snapshot.meeting === meeting) this.#drop();
    if (started && this.#mounted > 0) this.#joinUnasked();
  }

  /** Joins without a call of the app: what fails is told to onError, or else to the page. */
  #joinUnasked(): void {
    this.join().catch((failure: unknown) => {
      if (this.#mounted > 0 && !this.hears("error")) uncaught(failure);
    });
  }

  /** Nobody is there any more: leaves, and tells nobody of what that ends. */
  #abandon(): void {
    const { meeting } = this.#snapshot;
    if (meeting === null) return;
    this.#joining?.catch(() => undefined);
    if (this.#started) meeting.leave().catch(() => undefined);
    this.#drop();
  }

  // ---- the meeting

  /** Makes the meeting of the present config and token, where there is none. */
  meeting(): Meeting {
    const { meeting } = this.#snapshot;
    if (meeting !== null) return meeting;
    return this.#make();
  }

  #make(): Meeting {
    this.#drop();
    VideoSDK.config(this.#setup.token);
    const made = VideoSDK.initMeeting(
      given(this.#setup.config) as unknown as Parameters<typeof VideoSDK.initMeeting>[0],
    );
    // Changes before callbacks: a callback that renders finds the new state.
    const message = (data: unknown): void => this.#show({ messages: [...this.#snapshot.messages, data] });
    const stops = [follow(made, (change) => this.#changed(change)), made.on("data", message)];
    for (const event of Object.keys(meetingCallbacks) as EventName[])
      if (event !== "error")
        stops.push(made.on(event, (...args: readonly unknown[]) => this.#emit(meetingCallbacks[event], "", args)));
    stops.push(made.on("meeting-left", () => this.#left(made)));
    const followed = new Set<Participant>();
    const followPerson = (p: Participant): void => {
      if (followed.has(p)) return;
      followed.add(p);
      for (const event of Object.keys(participantCallbacks) as (keyof typeof participantCallbacks)[])
        stops.push(
          p.on(event, (data: object) => this.#emit(participantCallbacks[event], p.id, [withPeer(event, data, p.id)])),
        );
    };
    followPerson(made.localParticipant);
    stops.push(made.on("participant-joined", followPerson));
    this.#stop = () => stops.forEach((stop) => stop());
    this.#show({ meeting: made, view: { ...emptyView, ...viewOf(made) }, messages: [] });
    this.listenersChanged();
    return made;
  }

  /** Joins with the present config and token; while that is under way, once for all callers. */
  join(): Promise<void> {
    if (this.#joining !== undefined) return this.#joining;
    const joining = this.#run(() => {
      // A meeting that was left, or that an earlier call has made, may be of another config.
      const { meeting } = this.#snapshot;
      const joined = meeting !== null && this.#started ? meeting : this.#make();
      this.#started = true;
      return joined.join();
    }).finally(() => {
      if (this.#joining === joining) this.#joining = undefined;
    });
    this.#joining = joining;
    return this.#quietly(joining);
  }

  /** Calls a method of the meeting, which judges for itself whether it was joined. */
  call<T>(run: (meeting: Meeting) => Promise<T>): Promise<T> {
    return this.#run(() => run(this.meeting()));
  }

  #run<T>(run: () => Promise<T>): Promise<T> {
    try {
      return run();
    } catch (refused) {
      return this.#refused(refused);
    }
  }

  /** Calls a method that changes which device is used, and shows that one afterwards. */
  callDevice(run: (meeting: Meeting) => Promise<void>): Promise<void> {
    const done = this.call(run).finally(() => {
      const { meeting } = this.#snapshot;
      if (meeting !== null)
        this.#changed({
          type: "devices",
          camera: meeting.selectedCameraDevice,
          microphone: meeting.selectedMicrophoneDevice,
        });
    });
    return this.#quietly(done);
  }

  /** Rejects with a fault that no call of the SDK has raised, and tells it to onError. */
  refuse<T>(fault: VideoSDKError): Promise<T> {
    return this.#refused(fault);
  }

  /** The fault of a call of somebody who is not in the meeting. */
  notThere(name: string, id: string): VideoSDKError {
    const { meeting, view } = this.#snapshot;
    const method = `participant.${name}`;
    const at = { meetingId: meeting?.id, participantId: meeting?.localParticipant.id };
    return new VideoSDKError(
      view.inside
        ? faults.invalidParameterNotAllowed(
            { method, parameter: "participantId", got: id, allowed: view.people.map((p) => p.id) },
            at,
          )
        : faults.actionPerformedBeforeMeetingJoinedNotJoined({ method }, at),
    );
  }

  /** The fault of a call of a stream that nobody sends. */
  noStream(name: string, id: string): VideoSDKError {
    const { meeting, view } = this.#snapshot;
    const allowed = view.people.flatMap(({ streams }) => Object.values(streams).map((stream) => stream.id));
    const at = { meetingId: meeting?.id, participantId: meeting?.localParticipant.id };
    const wrong = { method: `stream.${name}`, parameter: "streamId", got: id, allowed };
    return new VideoSDKError(faults.invalidParameterNotAllowed(wrong, at));
  }

  /** The fault of a call of something that Klatch does not have. */
  notOffered(method: string, feature: string): VideoSDKError {
    return new VideoSDKError(
      faults.notOfferedNotOffered({ method, feature }, { meetingId: this.#snapshot.meeting?.id }),
    );
  }

  /**
   * Waits for a call that no component awaits: without an onError the page is told of its failure. That the meeting was
   * left meanwhile is none.
   */
  heard<T>(promise: Promise<T>): Promise<T | undefined> {
    return promise.catch((failure: unknown) => {
      const isLeft = failure instanceof VideoSDKError && failure.reason === "LEFT";
      if (!isLeft && !this.hears("error")) uncaught(failure);
      return undefined;
    });
  }

  /** Where there is an onError, a rejection that nobody awaits has been heard. */
  #quietly<T>(promise: Promise<T>): Promise<T> {
    if (this.hears("error")) promise.catch(() => undefined);
    return promise;
  }

  /** A call that was refused before the meeting could tell of it. */
  #refused<T>(failure: unknown): Promise<T> {
    if (failure instanceof VideoSDKError) this.#emit("onError", "", [failure]);
    return this.#quietly(Promise.reject(failure));
  }

  #changed(change: Change): void {
    const view = reduceView<View["people"][number], View>(this.#snapshot.view, change, (p) => p);
    if (view !== this.#snapshot.view) this.#show({ view });
  }

  /**
   * The meeting was left. It stays in sight, for components that have not rendered since: React renders them before
   * the state that their callbacks of `meeting-left` have set. The next join makes another one.
   */
  #left(meeting: Meeting): void {
    if (this.#snapshot.meeting !== meeting) return;
    this.#stop?.();
    this.#stop = undefined;
    this.#joining = undefined;
    this.#started = false;
  }

  /** Forgets the meeting. */
  #drop(): void {
    const { meeting } = this.#snapshot;
    if (meeting === null) return;
    this.#left(meeting);
    this.#stopErrors?.();
    this.#stopErrors = undefined;
    this.#show(none);
  }

  // ---- callbacks

  listen(listener: Listener, scope: string): () => void {
    const there = this.#listeners.get(scope) ?? new Set();
    this.#listeners.set(scope, there.add(listener));
    return () => {
      there.delete(listener);
      if (there.size === 0 && this.#listeners.get(scope) === there) this.#listeners.delete(scope);
      this.listenersChanged();
    };
  }

  /** Whether a mounted hook has the callback of that event of the meeting. */
  hears(event: EventName): boolean {
    const name = meetingCallbacks[event];
    return [...(this.#listeners.get("") ?? [])].some((listener) => listener.current[name] !== undefined);
  }

  /**
   * The SDK takes a fault as heard where somebody listens to `error`. So we listen only while an onError is there: a
   * failure that nobody hears stays an unhandled rejection.
   */
  listenersChanged(): void {
    const { meeting } = this.#snapshot;
    const hears = meeting !== null && this.hears("error");
    if (hears && this.#stopErrors === undefined)
      this.#stopErrors = meeting.on("error", (fault) => this.#emit("onError", "", [fault]));
    if (!hears) {
      this.#stopErrors?.();
      this.#stopErrors = undefined;
    }
  }

  #emit(name: string, scope: string, args: readonly unknown[]): void {
    for (const listener of Array.from(this.#listeners.get(scope) ?? [])) {
      try {
        (listener.current as Callbacks)[name]?.(...(args as never[]));
      } catch (thrown) {
        uncaught(thrown);
      }
    }
  }
}

/** Leaves out what was not given: an option that is undefined or null takes its default. */
function given(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined && value !== null));
}

/** The published callbacks of these two have the id of the participant beside what changed. */
function withPeer(event: string, data: object, peerId: string): object {
  return event === "media-status-changed" || event === "video-quality-changed" ? { peerId, ...data } : data;
}

/** Hands over what was thrown to window.onerror and the console, with its own stack. */
function uncaught(thrown: unknown): void {
  queueMicrotask(() => {
    throw thrown;
  });
}
