/** Loaded when a QR code is shown: few meetings show one. */
import { encode } from "uqr";

/** A QR code with the quiet zone that scanners need (ISO/IEC 18004, section 9.1): its width, and its dark squares. */
export function qr(text: string): { readonly size: number; readonly path: string } {
  const { size, data } = encode(text, { ecc: "M", border: 4 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")));
  return { size, path: path.join("") };
}
