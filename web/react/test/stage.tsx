// Renders components below a MeetingProvider, in a document that Node has, against a scripted signaling server.

import { act, type ReactNode, StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { vi } from "vitest";
import { WebSocket } from "ws";
import { ScriptedServer } from "../../sdk/test/server";
import { MeetingProvider, type MeetingProviderProps } from "../src/index";

/** As in a browser, each message is a task of its own. */
class BrowserLikeSocket extends WebSocket {
  constructor(url: string) {
    super(url, { allowSynchronousEvents: false });
    this.on("error", () => undefined);
  }
}

export class Stage {
  readonly server: ScriptedServer;
  readonly #root: Root;

  private constructor(server: ScriptedServer) {
    this.server = server;
    const container = document.createElement("div");
    document.body.append(container);
    this.#root = createRoot(container);
  }

  static async open(): Promise<Stage> {
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
    vi.stubGlobal("WebSocket", BrowserLikeSocket);
    vi.stubGlobal("RTCPeerConnection", class {});
    vi.stubGlobal("MediaStream", class {});
    return new Stage(await ScriptedServer.start());
  }

  /** Renders children below a provider, in StrictMode. */
  async render(children: ReactNode, props: Partial<MeetingProviderProps> = {}): Promise<void> {
    const { config, ...more } = props;
    await act(async () =>
      this.#root.render(
        <StrictMode>
          <MeetingProvider
            token="t"
            {...more}
            config={{
              meetingId: "abcd-efgh-ijkl",
              participantId: "ann",
              name: "Ann",
              micEnabled: false,
              webcamEnabled: false,
              serverUrl: this.server.url,
              ...config,
            }}
          >
            {children}
          </MeetingProvider>
        </StrictMode>,
      ),
    );
  }

  async unmount(): Promise<void> {
    await act(async () => this.#root.unmount());
  }

  async close(): Promise<void> {
    await this.unmount();
    await this.server.close();
    vi.unstubAllGlobals();
  }
}

/** Waits until it is true, and for the renderings that follow. */
export async function until(what: string, is: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!is()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await act(async () => new Promise((resolve) => setTimeout(resolve, 5)));
  }
  await act(async () => new Promise((resolve) => setTimeout(resolve)));
}

/** Runs something that renders. */
export async function acting<T>(run: () => T | Promise<T>): Promise<T> {
  let result: T | undefined;
  await act(async () => {
    result = await run();
  });
  return result as T;
}
