// What the npm package exports.

export { type PrebuiltConfig, VideoSDKMeeting } from "./meeting.js";
export type { PrebuiltEvent, PrebuiltEvents } from "./messages.js";
export type { PageOptions } from "./options.js";
