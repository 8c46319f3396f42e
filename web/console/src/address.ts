/** Where this page is served, with a slash at its end, such as /console/: see public/address.js. */
const said = (globalThis as { klatchConsole?: { base: string; invite?: string } }).klatchConsole;

export const base: string = said?.base ?? "/console/";

/** The root of the server, with a slash at its end. */
export const serverRoot: string = base.replace(/[^/]+\/$/, "");

/**
 * Takes the invitation of the link that opened the page; undefined when there was none, and from the second call on.
 */
export function takeInvite(): string | undefined {
  const invite = said?.invite;
  if (said !== undefined) delete said.invite;
  return invite;
}
