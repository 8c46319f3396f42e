import { EgressCalls } from "./egresscalls.js";
import type { Moderation } from "./moderation.js";
import type { GivenDecision, Restrictions } from "./types.js";

/** The part of a meeting with which moderators decide who gets in, and what participants may do. */
export abstract class ModerationCalls extends EgressCalls {
  /** @internal */
  protected abstract readonly moderation: Moderation;
  /** @internal */
  protected abstract asked(method: string, params?: Readonly<Record<string, unknown>>): Promise<unknown>;

  /** Whether nobody new gets in. Ours. */
  get locked(): boolean {
    return this.moderation.locked;
  }

  /** What participants may not do, whether or not oneself is bound by it: who has allow_mod is not. Ours. */
  get restrictions(): Restrictions {
    return this.moderation.restrictions;
  }

  /**
   * Lets nobody new in (4101 LOCKED) until `unlock`, or until the session ends; who is in it comes back after a cut or
   * a reload. Needs allow_mod: 4105. Ours.
   */
  lock(): Promise<void> {
    return this.called("lock", async () => void (await this.asked("lock")));
  }

  /** Lets people in again. Needs allow_mod. Ours. */
  unlock(): Promise<void> {
    return this.called("unlock", async () => void (await this.asked("unlock")));
  }

  /**
   * Takes rights from participants who do not have allow_mod (true), or gives them back (false); what is absent stays.
   * What runs is stopped, and who tries gets 4105 AUDIO_RESTRICTED, VIDEO_RESTRICTED, SHARE_RESTRICTED or
   * CHAT_RESTRICTED. It lasts until the session ends. Needs allow_mod. Ours.
   */
  restrict(changes: Partial<Restrictions>): Promise<void> {
    return this.called("restrict", async () => void (await this.asked("restrict", { ...changes })));
  }

  /** Answers somebody who asks to enter; needs allow_join. */
  respondEntry(participantId: string, given: GivenDecision): Promise<void> {
    const decision = typeof given === "boolean" ? (given ? "allowed" : "denied") : given;
    return this.called(
      "respondEntry",
      async () => void (await this.asked("respondEntry", { participantId, decision })),
    );
  }
}
