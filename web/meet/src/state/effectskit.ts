import { faults, VideoSDKError } from "@klatch/sdk";
import { locale, reader } from "@klatch/ui";
import { computed, signal } from "@preact/signals";
import { h } from "preact";
import { useState } from "preact/hooks";
import { adopt } from "../styles/adopt";
import { translated } from "../text/index";
import { useStore } from "./context";
import type { Effects } from "./effects";

/**
 * What background and noise use of the page. They get it handed in: if they imported it, the script of the first view
 * would be cut in two for them, and be larger for everybody.
 */
const kit = { adopt, computed, faults, h, locale, reader, signal, translated, useState, useStore, VideoSDKError };

export type EffectsKit = typeof kit;

let made: Effects | undefined;

/** Loads background and noise, for those who open their settings or have switched one on. */
export async function loadEffects(): Promise<Effects> {
  const { makeEffects } = await import("../effects");
  return (made ??= makeEffects(kit));
}
