import { VideoSDKError } from "@klatch/sdk";
import { Icon, IconButton, locale, personText, reader } from "@klatch/ui";
import { signal } from "@preact/signals";
import { Download, File as FileIcon, X } from "lucide";
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { adopt } from "../styles/adopt";
import { translated } from "../text/index";
import { useStore } from "./context";
import { addressOf, cleanName, type Files } from "./files";
import type { Store } from "./store";

/** What files of the chat use of the page; handed in, as to `effectskit.ts`, and for the same reason. */
const kit = {
  addressOf,
  adopt,
  cleanName,
  Download,
  FileIcon,
  h,
  Icon,
  IconButton,
  locale,
  personText,
  reader,
  signal,
  translated,
  useEffect,
  useRef,
  useState,
  useStore,
  VideoSDKError,
  X,
};

export type FilesKit = typeof kit;

let made: Promise<Files> | undefined;

/** Loads what sends and shows files, for those who attach or get one. */
export function loadFiles(store: Store): Promise<Files> {
  made ??= import("../files").then(({ makeFiles }) => makeFiles(kit, store));
  made.catch(() => (made = undefined));
  return made;
}
