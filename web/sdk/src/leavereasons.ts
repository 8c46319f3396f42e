import type { LeaveReason } from "./types.js";

/** Published leave reasons that a client gives itself. */
export const LEAVE = {
  cut: { code: 1001, name: "WEBSOCKET_DISCONNECTED" },
  switched: { code: 1005, name: "SWITCH_ROOM" },
  manual: { code: 1101, name: "MANUAL_LEAVE_CALLED" },
  exhausted: { code: 1102, name: "WEBSOCKET_CONNECTION_ATTEMPTS_EXHAUSTED" },
  joinFailed: { code: 1103, name: "JOIN_ROOM_FAILED" },
  switchFailed: { code: 1104, name: "SWITCH_ROOM_FAILED" },
} as const satisfies Record<string, LeaveReason>;
