// @klatch/sdk in the shape of the published package: the same names, and the class VideoSDK also as the default export,
// as the published docs import it.

export * from "@klatch/sdk";
export { VideoSDK as default } from "@klatch/sdk";
