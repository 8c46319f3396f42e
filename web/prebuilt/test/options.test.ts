import { describe, expect, it } from "vitest";
import { checkPageOptions, fromAddress, type PageOptions, toParameters } from "../src/index.js";

const all: PageOptions = {
  name: "Ann & Bob",
  micEnabled: false,
  webcamEnabled: true,
  participantCanToggleSelfMic: false,
  participantCanToggleSelfWebcam: false,
  participantCanLeave: false,
  chatEnabled: false,
  screenShareEnabled: false,
  raiseHandEnabled: false,
  reactionsEnabled: false,
  participantListEnabled: false,
  inviteEnabled: false,
  recording: { enabled: false, webhookUrl: "https://a.example/hook", awsDirPath: "/x/y/" },
  livestream: { enabled: false },
  hls: { enabled: false },
  layout: { type: "SIDEBAR", priority: "PIN" },
  branding: { enabled: true, logoURL: "data:image/png;base64,AA==", name: "Acme", poweredBy: false, color: "#1a73e8" },
  joinScreen: { visible: false, title: "Daily", meetingUrl: "https://a.example/daily" },
  leftScreen: { actionButton: { label: "Home", href: "https://a.example/" }, rejoinButtonEnabled: false },
  redirectOnLeave: "https://a.example/bye",
  permissions: {
    toggleParticipantMic: false,
    toggleParticipantWebcam: false,
    removeParticipant: false,
    endMeeting: false,
    pin: false,
    changeLayout: false,
  },
  lang: "de",
  theme: "DARK",
  maxResolution: "sd",
};

const address = (parameters: [string, string][]): URL =>
  new URL(`https://meet.example.com/meet/m#token=t&parentOrigin=x&${new URLSearchParams(parameters)}`);

describe("options of the page", () => {
  it("come back from an address as they were", () => {
    checkPageOptions("init", all);
    expect(fromAddress(address(toParameters(all)))).toEqual(all);
  });

  it("are read from the query too, where the fragment wins", () => {
    const url = new URL("https://a.example/meet/m?theme=DARK&chatEnabled=false#token=t&theme=LIGHT");
    expect(fromAddress(url)).toEqual({ theme: "LIGHT", chatEnabled: false });
  });

  it.each<[string, unknown, number, string, string]>([
    ["a slip", { chatEnable: false }, 3073, "UNKNOWN_OPTION", "chatEnabled"],
    ["a slip inside", { joinScreen: { visibel: false } }, 3073, "UNKNOWN_OPTION", "joinScreen.visibel"],
    ["a wrong type", { micEnabled: "yes" }, 3073, "WRONG_TYPE", "micEnabled"],
    ["a wrong value", { theme: "BLUE" }, 3073, "NOT_ALLOWED", "theme"],
    ["a language that there is not", { lang: "tlh" }, 3073, "NOT_ALLOWED", "lang"],
    ["a script", { redirectOnLeave: "javascript:alert(1)" }, 3073, "OUT_OF_RANGE", "redirectOnLeave"],
    [
      "a script as an action",
      { leftScreen: { actionButton: { href: " javascript:alert(1)" } } },
      3073,
      "OUT_OF_RANGE",
      "href",
    ],
    ["a page as a logo", { branding: { logoURL: "data:text/html,x" } }, 3073, "OUT_OF_RANGE", "branding.logoURL"],
    ["no color", { branding: { color: "red; x" } }, 3073, "OUT_OF_RANGE", "branding.color"],
    ["a long name", { name: "x".repeat(1000) }, 3073, "OUT_OF_RANGE", "name"],
    ["an API key", { apiKey: "k" }, 3105, "NOT_OFFERED", "token"],
    ["polls", { pollEnabled: true }, 3105, "NOT_OFFERED", "polls"],
    ["an automatic start", { recording: { autoStart: true } }, 3105, "NOT_OFFERED", "autoStartConfig"],
    ["asking to join", { permissions: { askToJoin: true } }, 3105, "NOT_OFFERED", "ask_join"],
  ])("refuses %s", (_, options, code, reason, text) => {
    expect(() => checkPageOptions("init", options)).toThrow(
      expect.objectContaining({ code, reason, detail: expect.stringContaining(text) }),
    );
  });

  it("takes what asks for nothing", () => {
    checkPageOptions("init", { pollEnabled: false, whiteboardEnabled: false, recording: { autoStart: false } });
  });

  it.each(["__proto__.x=1", "constructor.prototype.x=1", "a.b.c.d.e.f=1"])("does not fall for %s", (parameter) => {
    expect(() => fromAddress(new URL(`https://a.example/meet/m#${parameter}`))).toThrow(
      expect.objectContaining({ code: 3073, reason: "UNKNOWN_OPTION" }),
    );
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
