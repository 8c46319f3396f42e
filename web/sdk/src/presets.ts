import type { BitrateMode } from "./constants.js";
import type { AudioPreset, CameraPreset, SharePreset } from "./types.js";

// Sizes and rates of the published presets. Rates in kbit/s: bandwidth_optimized, balanced, high_quality.

interface VideoPreset {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
}

const camera: Readonly<Record<CameraPreset, VideoPreset & { readonly kbps: readonly [number, number, number] }>> = {
  h90p_w160p: { width: 160, height: 90, frameRate: 15, kbps: [60, 100, 150] },
  h180p_w320p: { width: 320, height: 180, frameRate: 15, kbps: [100, 150, 250] },
  h216p_w384p: { width: 384, height: 216, frameRate: 15, kbps: [120, 200, 350] },
  h360p_w640p: { width: 640, height: 360, frameRate: 20, kbps: [200, 400, 600] },
  h540p_w960p: { width: 960, height: 540, frameRate: 25, kbps: [350, 550, 800] },
  h720p_w1280p: { width: 1280, height: 720, frameRate: 30, kbps: [1000, 1500, 2000] },
  h1080p_w1920p: { width: 1920, height: 1080, frameRate: 30, kbps: [1600, 2200, 2700] },
  h1440p_w2560p: { width: 2560, height: 1440, frameRate: 30, kbps: [5000, 5500, 6000] },
  h2160p_w3840p: { width: 3840, height: 2160, frameRate: 30, kbps: [8000, 8500, 9000] },
  // 4:3
  h120p_w160p: { width: 160, height: 120, frameRate: 15, kbps: [60, 100, 150] },
  h180p_w240p: { width: 240, height: 180, frameRate: 15, kbps: [100, 150, 250] },
  h240p_w320p: { width: 320, height: 240, frameRate: 15, kbps: [120, 200, 350] },
  h360p_w480p: { width: 480, height: 360, frameRate: 20, kbps: [200, 400, 600] },
  h480p_w640p: { width: 640, height: 480, frameRate: 25, kbps: [300, 500, 700] },
  h540p_w720p: { width: 720, height: 540, frameRate: 30, kbps: [350, 550, 800] },
  h720p_w960p: { width: 960, height: 720, frameRate: 30, kbps: [900, 1300, 1600] },
  h1080p_w1440p: { width: 1440, height: 1080, frameRate: 30, kbps: [1600, 2200, 2700] },
  h1440p_w1920p: { width: 1920, height: 1440, frameRate: 30, kbps: [3500, 4000, 4500] },
};

const share: Readonly<Record<SharePreset, VideoPreset & { readonly kbps: number }>> = {
  h360p_30fps: { width: 640, height: 360, frameRate: 30, kbps: 400 },
  h480p_15fps: { width: 854, height: 480, frameRate: 15, kbps: 300 },
  h480p_30fps: { width: 854, height: 480, frameRate: 30, kbps: 500 },
  h720p_5fps: { width: 1280, height: 720, frameRate: 5, kbps: 400 },
  h720p_15fps: { width: 1280, height: 720, frameRate: 15, kbps: 1000 },
  h720p_30fps: { width: 1280, height: 720, frameRate: 30, kbps: 1500 },
  h1080p_15fps: { width: 1920, height: 1080, frameRate: 15, kbps: 1500 },
  h1080p_30fps: { width: 1920, height: 1080, frameRate: 30, kbps: 2000 },
};

const audio: Readonly<
  Record<AudioPreset, { readonly kbps: number; readonly channels: 1 | 2; readonly speech: boolean }>
> = {
  speech_low_quality: { kbps: 16, channels: 1, speech: true },
  speech_standard: { kbps: 24, channels: 1, speech: true },
  music_standard: { kbps: 32, channels: 1, speech: false },
  standard_stereo: { kbps: 64, channels: 2, speech: false },
  high_quality: { kbps: 128, channels: 1, speech: false },
  high_quality_stereo: { kbps: 192, channels: 2, speech: false },
};

export const presets = { camera, share, audio } as const;

export const bitrateModes: readonly BitrateMode[] = ["bandwidth_optimized", "balanced", "high_quality"];

/** Rate for sound of a shared tab: it may be music. */
export const SHARE_AUDIO_BPS = 64_000;
