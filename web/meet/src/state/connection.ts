import type { JSX } from "preact";

/** The numbers of a connection, once what shows them is loaded. */
export interface Connection {
  Numbers(of: { id: string }): JSX.Element;
}
