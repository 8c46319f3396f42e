// Where a script from a Klatch server came from: that server is the one an app means when it names none.

const served = /^(https?:\/\/[^?#]*?)\/(?:sdk|js-sdk\/[^/]+)\/(?:klatch|videosdk)\.js(?:[?#]|$)/;

/** The address of the server whose script this is; undefined for a copy that lies elsewhere. */
export function serverOfScript(src: string): string | undefined {
  return served.exec(src)?.[1];
}
