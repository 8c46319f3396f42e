import { Participant } from "./participant.js";

/**
 * An agent in the meeting, as the published API has it. Klatch offers no agents, so no participant is one; the class is
 * there for `instanceof` and the type annotations of an application.
 */
export class AgentParticipant extends Participant {
  readonly isAgent: boolean = true;
  readonly agentId: string = "";
  /** idle, listening, thinking or speaking. */
  readonly agentState: string = "idle";
}
