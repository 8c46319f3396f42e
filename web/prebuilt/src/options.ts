import { checkOptions, faults, refuseOption, type Rules, VideoSDKError } from "@klatch/sdk";

/** The languages of the meeting page, as BCP 47. Each has its texts in the page. */
export const pageLanguages = ["en", "de", "es", "fr", "pt", "hi", "ar", "ja"] as const;

export type PageLanguage = (typeof pageLanguages)[number];

/**
 * How the meeting page looks and what it shows, under the published names of the prebuilt. Everything is optional and
 * shown by default. What a participant may do is decided by the token: an option only takes a control away.
 */
export interface PageOptions {
  /** The name that others see. */
  readonly name?: string;
  /** Whether the microphone is on when the page opens. Default: as this browser had it last. */
  readonly micEnabled?: boolean;
  /** Whether the camera is on when the page opens. Default: as this browser had it last. */
  readonly webcamEnabled?: boolean;
  /** Whether there is a button for the microphone. */
  readonly participantCanToggleSelfMic?: boolean;
  /** Whether there is a button for the camera. */
  readonly participantCanToggleSelfWebcam?: boolean;
  /** Whether there is a button that leaves. */
  readonly participantCanLeave?: boolean;
  readonly chatEnabled?: boolean;
  readonly screenShareEnabled?: boolean;
  readonly raiseHandEnabled?: boolean;
  /** Whether people react with emoji, and those of others are shown. (Ours.) */
  readonly reactionsEnabled?: boolean;
  /** Whether the list of people can be opened. (Ours.) */
  readonly participantListEnabled?: boolean;
  /** Whether there is a dialog with a link for others. (Ours.) */
  readonly inviteEnabled?: boolean;
  readonly recording?: {
    readonly enabled?: boolean;
    /** Told the events of recordings that are started here. */
    readonly webhookUrl?: string;
    /** Where in the server's bucket they are put. */
    readonly awsDirPath?: string;
  };
  readonly livestream?: { readonly enabled?: boolean };
  readonly hls?: { readonly enabled?: boolean };
  /** GRID: all the same size. SIDEBAR and SPOTLIGHT: one large. Pinned people come first ("PIN"). */
  readonly layout?: { readonly type?: "GRID" | "SIDEBAR" | "SPOTLIGHT"; readonly priority?: "PIN" };
  readonly branding?: {
    /** Whether logo and name are shown. */
    readonly enabled?: boolean;
    /** An image: an address of this server, or a data: address. */
    readonly logoURL?: string;
    readonly name?: string;
    /** Whether "Klatch" is shown. */
    readonly poweredBy?: boolean;
    /** Of buttons and marks, as #1a73e8. (Ours.) */
    readonly color?: string;
  };
  readonly joinScreen?: {
    /** False: the meeting is joined at once. */
    readonly visible?: boolean;
    readonly title?: string;
    /** The address that is shown for inviting others. */
    readonly meetingUrl?: string;
  };
  readonly leftScreen?: {
    readonly actionButton?: { readonly label?: string; readonly href?: string };
    readonly rejoinButtonEnabled?: boolean;
  };
  /** Where to go after leaving. */
  readonly redirectOnLeave?: string;
  readonly permissions?: {
    readonly toggleParticipantMic?: boolean;
    readonly toggleParticipantWebcam?: boolean;
    readonly removeParticipant?: boolean;
    readonly endMeeting?: boolean;
    readonly pin?: boolean;
    readonly changeLayout?: boolean;
  };
  /** The language of the page. Default: as this browser had it last, else one of its own. (Ours.) */
  readonly lang?: PageLanguage;
  readonly theme?: "DARK" | "LIGHT" | "DEFAULT";
  /** Of the camera: "sd" is 640x360, "hd" 1280x720. */
  readonly maxResolution?: "sd" | "hd";
  readonly notificationSoundEnabled?: boolean;
}

const maxTextLength = 200;
const maxLogoLength = 200_000;

type Check = (value: unknown, parameter: string, call: { readonly method: string }) => void;

function refuse(parameter: string, got: string, want: string, { method }: { readonly method: string }): never {
  throw new VideoSDKError(faults.invalidParameterOutOfRange({ method, parameter, got: got.slice(0, 80), want }));
}

function textOf(value: unknown, parameter: string, call: { readonly method: string }, longest = maxTextLength): string {
  if (typeof value !== "string") refuse(parameter, typeof value, "a string", call);
  if (value.length > longest) refuse(parameter, `${value.length} characters`, `${longest} characters at most`, call);
  return value;
}

const text: Check = (value, parameter, call) => void textOf(value, parameter, call);

/** Only pages are gone to: a javascript: address would run in the meeting page. */
const pageAddress: Check = (value, parameter, call) => {
  const address = textOf(value, parameter, call, 2000);
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address))
    refuse(parameter, address, "an http or https URL", call);
};

const logoAddress: Check = (value, parameter, call) => {
  const address = textOf(value, parameter, call, maxLogoLength);
  if (!/^data:image\/(png|jpeg|webp|gif|svg\+xml)[;,]/i.test(address) && !/^https?:\/\//i.test(address))
    refuse(parameter, address, "an http, https or data:image URL", call);
};

const color: Check = (value, parameter, call) => {
  const given = textOf(value, parameter, call);
  if (!/^#[0-9a-f]{6}$/i.test(given)) refuse(parameter, given, "a color such as #1a73e8", call);
};

/** An option of something that is not there: false asks for nothing. */
const only =
  (feature: string): Check =>
  (value, parameter, call) => {
    if (value !== false) refuseOption(feature)(value, parameter, call);
  };

const autoStart = only("an automatic start by the page; give the room an autoStartConfig over REST");
const whiteboard = only("a whiteboard");
const polls = only("polls");

const rules: Rules<PageOptions & Record<Unoffered, unknown>> = {
  name: text,
  micEnabled: "boolean",
  webcamEnabled: "boolean",
  participantCanToggleSelfMic: "boolean",
  participantCanToggleSelfWebcam: "boolean",
  participantCanLeave: "boolean",
  chatEnabled: "boolean",
  screenShareEnabled: "boolean",
  raiseHandEnabled: "boolean",
  reactionsEnabled: "boolean",
  participantListEnabled: "boolean",
  inviteEnabled: "boolean",
  recording: { fields: { enabled: "boolean", webhookUrl: text, awsDirPath: text, autoStart } },
  livestream: { fields: { enabled: "boolean", autoStart } },
  hls: { fields: { enabled: "boolean", autoStart } },
  layout: { fields: { type: ["GRID", "SIDEBAR", "SPOTLIGHT"], priority: ["PIN"] } },
  branding: { fields: { enabled: "boolean", logoURL: logoAddress, name: text, poweredBy: "boolean", color } },
  joinScreen: { fields: { visible: "boolean", title: text, meetingUrl: pageAddress } },
  leftScreen: {
    fields: { actionButton: { fields: { label: text, href: pageAddress } }, rejoinButtonEnabled: "boolean" },
  },
  redirectOnLeave: pageAddress,
  permissions: {
    fields: {
      toggleParticipantMic: "boolean",
      toggleParticipantWebcam: "boolean",
      removeParticipant: "boolean",
      endMeeting: "boolean",
      pin: "boolean",
      changeLayout: "boolean",
      askToJoin: only("asking to join by an option; mint the token with ask_join instead of allow_join"),
      drawOnWhiteboard: whiteboard,
      toggleWhiteboard: whiteboard,
      canCreatePoll: polls,
    },
  },
  lang: pageLanguages,
  theme: ["DARK", "LIGHT", "DEFAULT"],
  maxResolution: ["sd", "hd"],
  pollEnabled: polls,
  whiteboardEnabled: whiteboard,
  notificationSoundEnabled: "boolean",
  apiKey: refuseOption("joining with an API key alone; mint a token on your server and pass it as token"),
};

type Unoffered = "pollEnabled" | "whiteboardEnabled" | "apiKey";

/** Throws 3073 or 3105, which name the first option that is wrong or not offered. */
export function checkPageOptions(method: string, options: unknown): void {
  checkOptions({ method }, "options", options, rules);
}
