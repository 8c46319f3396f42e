import { useMemo } from "react";
import { useSession } from "./context.js";

export interface UseFile {
  uploadBase64File: (file: { base64Data: string; token: string; fileName: string }) => Promise<string | null>;
  fetchBase64File: (file: { url: string; token: string }) => Promise<string | null>;
}

/** Returns the calls about files of the meeting, of constant identity. */
export function useFile(): UseFile {
  const session = useSession();
  return useMemo(
    () => ({
      uploadBase64File: (file) => session.call((m) => m.uploadBase64File(file)),
      fetchBase64File: (file) => session.call((m) => m.fetchBase64File(file)),
    }),
    [session],
  );
}
