import { readAddress } from "./address.js";
import { type Fault, faults, VideoSDKError } from "./fault.js";
import { type Call, checkOptions, requireArgument, requireToken, type Rule, type Rules } from "./options.js";

/** Options of `uploadBase64File`. */
export interface UploadOptions {
  /** The file in base64 (RFC 4648, section 4), without the beginning of a data URL. */
  base64Data: string;
  /** A token of the meeting. */
  token: string;
  /** Name of the file with its extension, at most 255 bytes. */
  fileName: string;
  /** Is told how much has been sent, from 0 to 1; with 1 the answer is still to come. Ours. */
  onProgress?: ((share: number) => void) | undefined;
  /** Ends the upload, which rejects with 3056 CANCELLED. Ours. */
  signal?: AbortSignal | undefined;
}

/** Options of `fetchBase64File`. */
export interface FetchOptions {
  /** What `uploadBase64File` returned. */
  url: string;
  /** A token of the meeting. */
  token: string;
}

/** Where the files of a meeting are. */
export interface FilePlace {
  readonly serverUrl: string;
  readonly meetingId: string;
}

const TIMEOUT_MS = 60_000;

const abortSignal: Rule = (got, parameter, { method, at }) => {
  if (got instanceof AbortSignal) return;
  const wrong = { method, parameter, got: typeof got, want: "AbortSignal" };
  throw new VideoSDKError(faults.invalidParameterWrongType(wrong, at));
};

const uploadRules: Rules<UploadOptions> = {
  base64Data: "string",
  token: "string",
  fileName: "string",
  onProgress: "function",
  signal: abortSignal,
};
const fetchRules: Rules<FetchOptions> = { url: "string", token: "string" };

/** Uploads a file, and returns where it is. Throws 3073 or 3074. */
export async function uploadFile(call: Call, place: FilePlace, options: UploadOptions): Promise<string> {
  checkAll(call, options, uploadRules);
  const { base64Data, token, fileName, onProgress, signal } = options;
  const wrong = /[^A-Za-z0-9+/]/.exec(base64Data.replace(/={1,2}$/, ""));
  if (wrong || base64Data.length % 4 !== 0) {
    const got = wrong ? `${JSON.stringify(wrong[0])} at character ${wrong.index}` : `${base64Data.length} characters`;
    const want = "base64 (RFC 4648, section 4) without line breaks and without the beginning of a data URL";
    throw new VideoSDKError(
      faults.invalidParameterOutOfRange({ method: call.method, parameter: "base64Data", got, want }, call.at),
    );
  }
  const answer = await ask(call, uploadFaults, {
    url: `${readAddress(place.serverUrl, location).base}/base64-upload?roomId=${encodeURIComponent(place.meetingId)}`,
    token,
    body: JSON.stringify({ fileName, base64Data }),
    onProgress: onProgress ?? undefined,
    signal: signal ?? undefined,
  });
  const { url } = (await read(call, uploadFaults, answer, (body) => body.json())) as { url?: unknown };
  if (typeof url !== "string") throw uploadFaults.refused(call, answer.status, "the answer has no url");
  return url;
}

/** Fetches a file, and returns it in base64. Throws 3073 or 3075. The token goes to the server of the meeting alone. */
export async function fetchFile(call: Call, place: FilePlace, options: FetchOptions): Promise<string> {
  checkAll(call, options, fetchRules);
  const path = /\/temporary-files\/[^/?#]+\/[a-z0-9]+$/.exec(options.url)?.[0];
  if (path === undefined) {
    const want = "an address that uploadBase64File returned";
    throw new VideoSDKError(
      faults.invalidParameterOutOfRange(
        { method: call.method, parameter: "url", got: "another address", want },
        call.at,
      ),
    );
  }
  const url = readAddress(place.serverUrl, location).base + path;
  const answer = await ask(call, fetchFaults, { url, token: options.token });
  return inBase64(await read(call, fetchFaults, answer, (body) => body.blob()));
}

function checkAll<Options extends { readonly token: string }>(
  call: Call,
  options: Options,
  rules: Rules<Options>,
): void {
  requireArgument(call, "options", options);
  requireToken(call, options.token);
  checkOptions<Options>(call, "options", options, rules);
  for (const name of Object.keys(rules).filter((one) => rules[one as keyof Rules<Options>] === "string"))
    requireArgument(call, name, (options as Record<string, unknown>)[name] === "" ? undefined : options[name as never]);
}

/** The faults of one of the two calls. */
interface FileFaults {
  readonly code: number;
  refused(call: Call, status: number, problem: string, causeId?: string): VideoSDKError;
  unanswered(call: Call, url: string, problem: string): VideoSDKError;
}

const uploadFaults: FileFaults = {
  code: 3074,
  refused: ({ at }, status, problem, causeId) =>
    new VideoSDKError(faults.fileUploadFailedRefused({ status, problem }, { ...at, causeId })),
  unanswered: ({ at }, url, problem) => new VideoSDKError(faults.fileUploadFailedNoAnswer({ url, problem }, at)),
};

const fetchFaults: FileFaults = {
  code: 3075,
  refused: ({ at }, status, problem, causeId) =>
    new VideoSDKError(faults.fileFetchFailedRefused({ status, problem }, { ...at, causeId })),
  unanswered: ({ at }, url, problem) => new VideoSDKError(faults.fileFetchFailedNoAnswer({ url, problem }, at)),
};

async function ask(call: Call, kind: FileFaults, { url, token, body, onProgress, signal }: Asked): Promise<Response> {
  let answer: Response;
  const headers = { Authorization: token, ...(body !== undefined && { "Content-Type": "application/json" }) };
  const ended = signal ? either(signal, AbortSignal.timeout(TIMEOUT_MS)) : AbortSignal.timeout(TIMEOUT_MS);
  try {
    answer =
      onProgress && body !== undefined
        ? await send(url, headers, body, ended, onProgress)
        : await fetch(url, {
            method: body === undefined ? "GET" : "POST",
            headers,
            signal: ended,
            ...(body !== undefined && { body }),
          });
  } catch (thrown) {
    if (signal?.aborted) throw new VideoSDKError(faults.operationAbortedCancelled({ method: call.method }, call.at));
    throw kind.unanswered(call, url.replace(/\?.*/s, ""), String(thrown));
  }
  if (answer.ok) return answer;
  const problem: unknown = await answer.json().catch(() => undefined);
  if (!isFault(problem)) throw kind.refused(call, answer.status, "the answer is not one of Klatch");
  if (problem.code === kind.code) throw new VideoSDKError(withoutProblem(problem));
  const { code, name, reason, detail, id } = problem;
  throw kind.refused(call, answer.status, `${code} ${name} ${reason}: ${detail}`, id);
}

/** AbortSignal.any, which Safari has from version 17.4 on. */
function either(...signals: readonly AbortSignal[]): AbortSignal {
  const first = new AbortController();
  for (const signal of signals) {
    const abort = (): void => first.abort(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  }
  return first.signal;
}

interface Asked {
  readonly url: string;
  readonly token: string;
  readonly body?: string;
  readonly onProgress?: UploadOptions["onProgress"];
  readonly signal?: AbortSignal | undefined;
}

/** Posts like `fetch`, which tells no progress. */
function send(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  ended: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }));
    request.onerror = () => reject(new TypeError("the connection failed"));
    request.onabort = () => reject(ended.reason);
    ended.addEventListener("abort", () => request.abort());
    if (ended.aborted) reject(ended.reason);
    else request.send(body);
  });
}

async function read<T>(
  call: Call,
  kind: FileFaults,
  answer: Response,
  body: (answer: Response) => Promise<T>,
): Promise<T> {
  try {
    return await body(answer);
  } catch (thrown) {
    throw kind.unanswered(call, answer.url.replace(/\?.*/s, ""), String(thrown));
  }
}

function isFault(body: unknown): body is Fault {
  const { code, reason, detail, id } = (body ?? {}) as Partial<Record<keyof Fault, unknown>>;
  return typeof code === "number" && [reason, detail, id].every((text) => typeof text === "string");
}

/** The fault of a problem (RFC 9457), which has its members and some more. */
function withoutProblem(problem: Fault): Fault {
  const { error, errorCode, type, title, status, ...fault } = problem as Fault & Record<string, unknown>;
  void [error, errorCode, type, title, status];
  return fault as unknown as Fault;
}

function inBase64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(reader.error ?? new Error("the file could not be read"));
    reader.readAsDataURL(file);
  });
}
