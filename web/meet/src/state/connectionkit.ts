import { CopyButton, locale, reader } from "@klatch/ui";
import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { adopt } from "../styles/adopt";
import { translated } from "../text/index";
import type { Connection } from "./connection";
import { useStore } from "./context";
import { countsOf, lossBetween } from "./connectionquality";
import { personName } from "./room";

/** What the numbers of a connection use of the page; handed in, as to `effectskit.ts`, and for the same reason. */
const kit = {
  adopt,
  CopyButton,
  countsOf,
  h,
  locale,
  lossBetween,
  personName,
  reader,
  translated,
  useEffect,
  useState,
  useStore,
};

export type ConnectionKit = typeof kit;

let made: Connection | undefined;

/** Loads what shows the numbers of a connection, for those who open them. */
export async function loadConnection(): Promise<Connection> {
  const { makeConnection } = await import("../connection");
  return (made ??= makeConnection(kit));
}
