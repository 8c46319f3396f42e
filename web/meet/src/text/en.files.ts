import type { Entries } from "@klatch/ui";

/** What is said of files in the chat: it is loaded with what sends and shows them. */
export const enFiles = {
  fileLimit: "Up to {limit} for each file. Files are deleted after {time}.",
  fileTooLarge: "{file} is too large: it has {size}, and the limit is {limit}.",
  fileEmpty: "{file} is empty.",
  fileUnreadable: "{file} could not be read: {problem}",
  removeFile: "Remove {file}",
  cancelFile: "Cancel sending {file}",
  sendingFile: "Sending {file}",
  fileNotSent: "{file} was not sent.",
  downloadFile: "Download {file}",
  loadingFile: "Loading {file}…",
  fileNotLoaded: "{file} could not be loaded.",
} as const satisfies Entries;
