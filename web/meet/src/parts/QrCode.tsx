import { useEffect, useState } from "preact/hooks";
import { t } from "../text/inside";

/** A text for the camera of a phone. Without it the text itself is still there. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [code, setCode] = useState<{ readonly size: number; readonly path: string } | "failed" | null>(null);
  useEffect(() => {
    let shown = true;
    void import("./qr").then(
      ({ qr }) => shown && setCode(qr(text)),
      () => shown && setCode("failed"),
    );
    return () => {
      shown = false;
    };
  }, [text]);
  return (
    <div class="qr" data-testid="qr-code">
      {code === "failed" ? (
        <p>{t("qrFailed")}</p>
      ) : (
        code !== null && (
          <svg viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label={label} shape-rendering="crispEdges">
            <path d={code.path} />
          </svg>
        )
      )}
    </div>
  );
}
