import type { Egress } from "./egress.js";
import type {
  HlsConfig,
  HlsState,
  HlsUrls,
  LivestreamConfig,
  LivestreamOutput,
  LivestreamState,
  RecordingConfig,
  RecordingState,
  TranscriptionConfig,
} from "./types.js";
import { Unoffered } from "./unoffered.js";

/** The part of a meeting that records it, streams it and shows it as HLS. */
export abstract class EgressCalls extends Unoffered {
  /** @internal */
  protected abstract readonly egress: Egress;
  /** @internal Runs a public call: it needs the meeting joined and connected, and its fault fires `error`. */
  protected abstract called<T>(method: string, run: () => Promise<T>): Promise<T>;

  get recordingState(): RecordingState {
    return this.egress.recording;
  }
  get livestreamState(): LivestreamState {
    return this.egress.livestream;
  }
  get hlsState(): HlsState {
    return this.egress.hls;
  }
  get hlsUrls(): HlsUrls {
    return this.egress.urls;
  }
  /**
   * Records the meeting on the server. Resolves when it runs; rejects with 4011, 4018, 4021 or 4028. `webhookUrl` is
   * told the states, `awsDirPath` is the directory of the file in the server's store; null stands for an absent
   * argument.
   */
  startRecording(
    webhookUrl?: string | null,
    awsDirPath?: string | null,
    config?: RecordingConfig | null,
    transcription?: TranscriptionConfig | null,
  ): Promise<void> {
    const start = (): Promise<void> => this.egress.startRecording(webhookUrl, awsDirPath, config, transcription);
    return this.called("startRecording", start);
  }

  /** Asks the recording to stop: 4012 when none runs. Its file is complete with RECORDING_STOPPED. */
  stopRecording(): Promise<void> {
    return this.called("stopRecording", () => this.egress.stop("stopRecording"));
  }

  /**
   * Pushes the meeting to RTMP targets. Resolves when the first is live; rejects with 4013, 4015, 4019, 4021 or 4030.
   */
  startLivestream(outputs: readonly LivestreamOutput[], config?: LivestreamConfig | null): Promise<void> {
    return this.called("startLivestream", () => this.egress.startLivestream(outputs, config));
  }

  stopLivestream(): Promise<void> {
    return this.called("stopLivestream", () => this.egress.stop("stopLivestream"));
  }

  /**
   * Shows the meeting as HLS, at `hlsUrls`. Rejects with 4016, 4020, 4021 or 4029. A player can start from HLS_PLAYABLE
   * on.
   */
  startHls(config?: HlsConfig | null, transcription?: TranscriptionConfig | null): Promise<void> {
    return this.called("startHls", () => this.egress.startHls(config, transcription));
  }

  /** Asks the HLS to stop: 4017 when none runs. What was shown stays at `playbackHlsUrl`. */
  stopHls(): Promise<void> {
    return this.called("stopHls", () => this.egress.stop("stopHls"));
  }
}
