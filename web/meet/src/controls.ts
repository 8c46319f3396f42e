import type { PageOptions } from "@klatch/prebuilt";

/** What an option of the address can take off the page. */
export type Control =
  | "mic"
  | "cam"
  | "share"
  | "hand"
  | "react"
  | "leave"
  | "chat"
  | "people"
  | "invite"
  | "layout"
  | "recording"
  | "livestream"
  | "hls"
  | "end"
  | "micOfOthers"
  | "camOfOthers"
  | "pin"
  | "remove"
  | "rejoin";

const options: Readonly<Record<Control, (options: PageOptions) => boolean | undefined>> = {
  mic: (o) => o.participantCanToggleSelfMic,
  cam: (o) => o.participantCanToggleSelfWebcam,
  share: (o) => o.screenShareEnabled,
  hand: (o) => o.raiseHandEnabled,
  react: (o) => o.reactionsEnabled,
  leave: (o) => o.participantCanLeave,
  chat: (o) => o.chatEnabled,
  people: (o) => o.participantListEnabled,
  invite: (o) => o.inviteEnabled,
  layout: (o) => o.permissions?.changeLayout,
  recording: (o) => o.recording?.enabled,
  livestream: (o) => o.livestream?.enabled,
  hls: (o) => o.hls?.enabled,
  end: (o) => o.permissions?.endMeeting,
  micOfOthers: (o) => o.permissions?.toggleParticipantMic,
  camOfOthers: (o) => o.permissions?.toggleParticipantWebcam,
  pin: (o) => o.permissions?.pin,
  remove: (o) => o.permissions?.removeParticipant,
  rejoin: (o) => o.leftScreen?.rejoinButtonEnabled,
};

/** Reports whether a control is there: every one is unless an option takes it away. */
export function has(asked: PageOptions, control: Control): boolean {
  return options[control](asked) !== false;
}
