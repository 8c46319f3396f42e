import { type Fault, faults, VideoSDKError } from "./fault.js";
import { kit } from "./precallkit.js";
import { type PreCallTest, PreCallTestError, type PreCallTestOptions } from "./precallresult.js";

const method = "runPreCallTest";

let active: PreCallTest | undefined;

/** Stops the test that runs: a meeting has the devices and the network for itself. */
export const stopPreCallTest = (): Promise<void> | undefined => active?.stop();

/**
 * Checks devices and network before a call. Rejects with a PreCallTestError: for options that are wrong, for another
 * test that runs, where neither camera nor microphone can be used, and where no media reach the server.
 */
export function runPreCallTest(options: PreCallTestOptions, serverUrl: string): PreCallTest {
  const stopping = new AbortController();
  const running = active;
  const result = (async () => {
    if (running) throw failed("ALREADY_RUNNING", faults.operationInProgressInProgress({ method }));
    return (await load())(kit, options, serverUrl, stopping.signal);
  })();
  const ended = result.then(
    () => undefined,
    () => undefined,
  );
  const test = Object.assign(result, {
    stop: () => {
      stopping.abort();
      return ended;
    },
  });
  if (!running) {
    active = test;
    void ended.then(() => (active = undefined));
  }
  return test;
}

async function load(): Promise<typeof import("./precallrun.js").run> {
  try {
    return (await import("./precallrun.js")).run;
  } catch (failure) {
    const problem = failure instanceof Error ? failure.message : String(failure);
    throw failed("FAILED", faults.unsupportedEnvironmentScriptNotLoaded({ method, script: "precall.mjs", problem }));
  }
}

function failed(how: string, fault: Fault): PreCallTestError {
  return new PreCallTestError(`ERROR_PRECALL_TEST_${how}`, fault.message, new VideoSDKError(fault));
}
