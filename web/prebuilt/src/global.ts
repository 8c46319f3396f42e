import { VideoSDKMeeting } from "./meeting.js";

Object.assign(globalThis, { VideoSDKMeeting });
