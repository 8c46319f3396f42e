/**
 * What the first view does not need: the SDK's meeting and all that is shown from the moment somebody asks to enter.
 * `Store.load` gets it as soon as the first view is there.
 */
import "./styles/inside";

export { VideoSDK } from "@klatch/sdk";
export { follow } from "@klatch/state";
export { NotificationSounds } from "./device/notificationsounds";
export { EffectsSection } from "./parts/EffectsSection";
export { FlipButton } from "./parts/FlipButton";
export { SpeakerTest } from "./parts/SpeakerTest";
export { WithoutBackground } from "./parts/WithoutBackground";
export { loadConnection } from "./state/connectionkit";
export { loadEffects } from "./state/effectskit";
export { loadFiles } from "./state/fileskit";
export { hasTileInSight, Reactions } from "./state/reactions";
export { rightsChanged } from "./state/rights";
export { Volumes } from "./state/volumes";
export { LeftView } from "./views/LeftView";
export { LobbyView } from "./views/LobbyView";
export { MeetingView } from "./views/MeetingView";
