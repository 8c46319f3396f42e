/** Kinds of devices that reports name, by what their labels hold; the first that fits. */
const patterns = [
  ["virtual", /virtual|obs\b|manycam|snap camera|loopback|blackhole|vb-audio|cable|fake/i],
  ["bluetooth", /bluetooth|airpods|\bbuds\b|hands-?free/i],
  ["headset", /headset|headphone|earphone/i],
  ["phone", /\b(front|back|rear|facing)\b|iphone|ipad|android/i],
  ["usb", /\busb\b|webcam|logitech|\([0-9a-f]{4}:[0-9a-f]{4}\)/i],
  ["built-in", /built-?in|internal|integrated|facetime|macbook/i],
] as const;

export type DeviceCategory = (typeof patterns)[number][0] | "custom" | "unknown";

/** The kind of a device. Its label is not told to anybody: it can name its owner. */
export const categoryOf = (label: string): DeviceCategory =>
  patterns.find(([, pattern]) => pattern.test(label))?.[0] ?? "unknown";
