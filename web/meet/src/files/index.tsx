/** @jsxRuntime classic */
/** @jsx h */

/** Files of the chat: attached, uploaded with their progress, and shown. */
import type { FaultFields } from "@klatch/sdk";
import type { ChatFile, Files } from "../state/files";
import type { FilesKit } from "../state/fileskit";
import type { Store } from "../state/store";
import { enFiles } from "../text/en.files";
import styles from "./files.css?inline";

/** A file that waits to be sent, or is being sent. */
interface Attachment {
  readonly id: number;
  readonly file: File;
  /** How much has been sent, from 0 to 1; undefined before. */
  readonly sent?: number | undefined;
  /** Why it was not sent. */
  readonly problem?: string | undefined;
}

interface Limits {
  readonly fileBytes: number;
  readonly lifeMs: number;
}

/** Pictures that a browser shows without running anything of them, by the hexadecimal bytes with which they begin. */
const pictures: readonly (readonly [type: string, begins: RegExp])[] = [
  ["image/png", /^89504e470d0a1a0a/],
  ["image/jpeg", /^ffd8ff/],
  ["image/gif", /^47494638(37|39)61/],
  ["image/webp", /^52494646.{8}57454250/],
];
const pictureName = /\.(png|jpe?g|gif|webp)$/i;

/** Returns the type of a picture that may be shown, by its bytes: what its sender calls it proves nothing. */
export function pictureType(bytes: Uint8Array): string | undefined {
  const beginning = Array.from(bytes.subarray(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return pictures.find(([, begins]) => begins.test(beginning))?.[0];
}

/** Makes them of what the page has. */
export function makeFiles(kit: FilesKit, store: Store): Files {
  // oxlint-disable-next-line no-unused-vars -- the elements are made with h
  const { h, Icon, IconButton, locale, personText, reader, signal, translated, useEffect, useRef, useState } = kit;
  const { t } = reader(enFiles, translated);
  kit.adopt(styles);

  const attached = signal<readonly Attachment[]>([]);
  /** What was not attached, and why. */
  const refused = signal<readonly string[]>([]);
  const limits = signal<Limits | null>(null);
  const sending = signal<AbortController | null>(null);
  /** Whether this person is about to attach something. */
  const shown = signal(false);
  let count = 0;

  const unit = (value: number, name: string, unitDisplay: "short" | "long" = "short"): string =>
    new Intl.NumberFormat(locale.value, { style: "unit", unit: name, unitDisplay, maximumFractionDigits: 1 }).format(
      value,
    );
  const sizeOf = (bytes: number): string => {
    if (bytes < 1000) return unit(bytes, "byte", "long");
    return bytes < 1000 * 1024 ? unit(bytes / 1024, "kilobyte") : unit(bytes / 1024 / 1024, "megabyte");
  };
  const lifeOf = (ms: number): string =>
    ms < 3_600_000 ? unit(Math.ceil(ms / 60_000), "minute", "long") : unit(Math.floor(ms / 3_600_000), "hour", "long");

  /** Asks the server of the meeting. Rejects with the text of what went wrong. */
  async function ask(path: string, name: string): Promise<Response> {
    const { base, token } = store.link.value;
    let answer: Response;
    try {
      answer = await fetch(base + path, { headers: { Authorization: token } });
    } catch {
      throw new Error(t("fileNotLoaded", { file: name }));
    }
    if (answer.ok) return answer;
    const fault = (await answer.json().catch(() => null)) as FaultFields | null;
    if (typeof fault?.code !== "number") throw new Error(t("fileNotLoaded", { file: name }));
    const { what, todo } = personText(fault);
    throw new Error(`${what} ${todo}`);
  }

  let asking: Promise<void> | undefined;
  /** Learns once what the server takes. Where it does not tell, it refuses what is too large itself. */
  function learn(): Promise<void> {
    const { meetingId } = store.link.value;
    return (asking ??= ask(`/base64-upload?roomId=${encodeURIComponent(meetingId)}`, "")
      .then(async (answer) => void (limits.value = (await answer.json()) as Limits))
      .catch(() => void (asking = undefined)));
  }

  function change(id: number, to: Partial<Attachment>): void {
    attached.value = attached.value.map((one) => (one.id === id ? { ...one, ...to } : one));
  }

  function remove(id: number): void {
    const gone = attached.value.find((one) => one.id === id);
    if (gone?.sent !== undefined) sending.value?.abort();
    attached.value = attached.value.filter((one) => one.id !== id);
  }

  async function add(files: readonly File[]): Promise<void> {
    shown.value = true;
    await learn();
    const most = limits.value?.fileBytes ?? Infinity;
    const problemOf = ({ name, size }: File): string | undefined => {
      if (size === 0) return t("fileEmpty", { file: name });
      return size > most ? t("fileTooLarge", { file: name, size: sizeOf(size), limit: sizeOf(most) }) : undefined;
    };
    refused.value = files.map(problemOf).filter((problem) => problem !== undefined);
    const taken = files.filter((file) => problemOf(file) === undefined).map((file) => ({ id: ++count, file }));
    attached.value = [...attached.value, ...taken];
  }

  function inBase64(file: File): Promise<string> {
    return new Promise((resolve, reject) => {
      const from = new FileReader();
      from.onload = () => resolve(String(from.result).replace(/^[^,]*,/, ""));
      from.onerror = () =>
        reject(new Error(t("fileUnreadable", { file: file.name, problem: from.error?.message ?? "" })));
      from.readAsDataURL(file);
    });
  }

  /** Uploads one and tells of it in the chat; false when it was not sent. */
  async function sendOne({ id, file }: Attachment, text: string, to: string): Promise<boolean> {
    const abort = new AbortController();
    sending.value = abort;
    change(id, { sent: 0, problem: undefined });
    const fileName = kit.cleanName(file.name);
    try {
      const base64Data = await inBase64(file);
      const onProgress = (sent: number): void => change(id, { sent });
      const url = await store.upload({ base64Data, fileName, onProgress, signal: abort.signal });
      if (await store.sendChat(text || fileName, to, { file: { url, name: fileName, bytes: file.size } })) {
        attached.value = attached.value.filter((one) => one.id !== id);
        return true;
      }
      change(id, { sent: undefined, problem: t("fileNotSent", { file: file.name }) });
    } catch (error) {
      if (abort.signal.aborted) return false;
      let problem = error instanceof Error ? error.message : String(error);
      if (error instanceof kit.VideoSDKError) {
        const { what, todo } = personText(error);
        problem = `${what} ${todo}`;
        // It is told here, where the file is.
        store.dispatch({ type: "fault-dismissed", id: error.id });
      }
      change(id, { sent: undefined, problem });
    } finally {
      sending.value = null;
    }
    return false;
  }

  async function send(text: string): Promise<string> {
    refused.value = [];
    // Whatever is chosen while a file is on its way is for the next message.
    const to = store.chatTo.value;
    let rest = text;
    for (const one of attached.value) {
      // One that was cancelled is gone, and the others go on.
      if (!attached.value.some(({ id }) => id === one.id)) continue;
      if (await sendOne(one, rest, to)) rest = "";
      else if (attached.value.some(({ id }) => id === one.id)) return rest;
    }
    shown.value = false;
    return rest;
  }

  function Attached() {
    const known = limits.value;
    if (!shown.value) return null;
    return (
      <div class="attached" data-testid="attached">
        <ul>
          {attached.value.map(({ id, file, sent, problem }) => (
            <li key={id} data-testid="attachment">
              <Icon icon={kit.FileIcon} size={18} />
              <span class="file-name" dir="auto" title={file.name}>
                {file.name}
              </span>
              <small>{sizeOf(file.size)}</small>
              {sent !== undefined && (
                <progress
                  value={sent}
                  aria-label={t("sendingFile", { file: file.name })}
                  data-testid="upload-progress"
                />
              )}
              <IconButton
                icon={kit.X}
                label={t(sent === undefined ? "removeFile" : "cancelFile", { file: file.name })}
                testid="attachment-remove"
                onClick={() => remove(id)}
              />
              {problem !== undefined && (
                <p class="file-problem" role="alert" data-testid="attachment-problem">
                  {problem}
                </p>
              )}
            </li>
          ))}
        </ul>
        {refused.value.map((problem) => (
          <p key={problem} class="file-problem" role="alert" data-testid="file-refused">
            {problem}
          </p>
        ))}
        {known !== null && (
          <p class="file-limit" data-testid="file-limit">
            {t("fileLimit", { limit: sizeOf(known.fileBytes), time: lifeOf(known.lifeMs) })}
          </p>
        )}
      </div>
    );
  }

  /** Fetches a file as a blob that no browser runs: a picture, or bytes. */
  async function fetchFile({ url, name }: ChatFile): Promise<Blob> {
    const answer = await ask(kit.addressOf(url) ?? "", name);
    const content = await answer.arrayBuffer().catch(() => {
      throw new Error(t("fileNotLoaded", { file: name }));
    });
    return new Blob([content], { type: pictureType(new Uint8Array(content)) ?? "application/octet-stream" });
  }

  function Received({ file }: { file: ChatFile }) {
    const { name, bytes } = file;
    const box = useRef<HTMLDivElement>(null);
    const [picture, setPicture] = useState("");
    const [loading, setLoading] = useState(false);
    const [problem, setProblem] = useState("");
    // A picture is fetched when it comes into sight.
    useEffect(() => {
      const at = box.current;
      if (at === null || !pictureName.test(name)) return;
      let [made, over] = ["", false];
      const seen = new IntersectionObserver((entries) => {
        if (!entries.some((e) => e.isIntersecting)) return;
        seen.disconnect();
        fetchFile(file).then(
          (blob) => {
            if (over || !blob.type.startsWith("image/")) return;
            made = URL.createObjectURL(blob);
            setPicture(made);
          },
          (failed: Error) => setProblem(failed.message),
        );
      });
      seen.observe(at);
      return () => {
        over = true;
        seen.disconnect();
        if (made !== "") URL.revokeObjectURL(made);
      };
    }, [file.url]);
    const download = async (): Promise<void> => {
      setLoading(true);
      setProblem("");
      try {
        const blob = await fetchFile(file);
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([blob], { type: "application/octet-stream" }));
        link.download = name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      } catch (failed) {
        setProblem((failed as Error).message);
      }
      setLoading(false);
    };
    return (
      <div class="file" ref={box} data-testid="chat-file">
        {picture !== "" && <img src={picture} alt={name} data-testid="chat-picture" onError={() => setPicture("")} />}
        <span class="file-line">
          <Icon icon={kit.FileIcon} size={18} />
          <span class="file-name" dir="auto" title={name}>
            {name}
          </span>
          <small>{sizeOf(bytes)}</small>
          <IconButton
            icon={kit.Download}
            label={t("downloadFile", { file: name })}
            testid="chat-download"
            disabled={loading}
            onClick={() => void download()}
          />
        </span>
        {loading && (
          <p class="file-limit" role="status">
            {t("loadingFile", { file: name })}
          </p>
        )}
        {problem !== "" && (
          <p class="file-problem" role="alert" data-testid="file-problem">
            {problem}
          </p>
        )}
      </div>
    );
  }

  return {
    open: () => {
      shown.value = true;
      void learn();
    },
    add: (files) => void add(files),
    isAny: () => attached.value.length > 0,
    isSending: () => sending.value !== null,
    send,
    Attached,
    Received,
  };
}
