// The light build of hls.js has no declarations of its own: it is the full one without subtitles, DRM and alternate
// audio.
declare module "hls.js/light" {
  export { default } from "hls.js";
  export * from "hls.js";
}
