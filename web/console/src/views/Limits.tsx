import { useState } from "preact/hooks";
import { account, get, identity, request, seg } from "../api/client";
import { useLoad } from "../api/load";
import type { AccountRecord } from "../api/types";
import { act } from "../parts/act";
import { isOperator } from "../parts/rights";
import { Loaded, View } from "../parts/View";

const limits: readonly (readonly [name: string, text: string, code: number])[] = [
  ["participants", "Participants in one meeting", 4009],
  ["speakers", "Who may send, in one meeting", 4010],
  ["accountSpeakers", "Who may send, in all meetings", 4026],
  ["accountViewers", "Who only signals, in all meetings", 4027],
  ["accountReceivers", "Who only receives, in all meetings", 4041],
  ["recordings", "Recordings at once", 4028],
  ["hls", "HLS streams at once", 4029],
  ["livestreams", "Livestreams at once", 4030],
];

const settings: readonly (readonly [name: string, text: string])[] = [
  ["everyoneMayModerate", "Everybody in a meeting may moderate"],
  ["everyoneMayEnd", "Everybody may end the meeting"],
  ["everyoneMayEgress", "Everybody may start recordings, livestreams and HLS"],
  ["addOnsDisabled", "No recordings, livestreams and HLS"],
  ["restRequiresCrawler", "REST needs a token with the role crawler"],
];

/** What the account may use, and what its participants may do. */
export function Limits() {
  const developer = identity.value?.role === "developer";
  const path = developer ? "/v2/account" : `/admin/v1/accounts/${seg(account.value)}`;
  const load = useLoad(`${account.value}`, (signal) => get<AccountRecord>(path, {}, signal));
  return (
    <View
      title="Limits"
      lead="They apply to the next join and the next start; whoever is in a meeting stays."
      testid="limits-view"
    >
      <Loaded load={load}>
        {(found) => <Form key={JSON.stringify(found.limits)} found={found} path={path} onSaved={load.reload} />}
      </Loaded>
    </View>
  );
}

function Form({ found, path, onSaved }: { found: AccountRecord; path: string; onSaved: () => void }) {
  const may = isOperator();
  const [values, setValues] = useState(found.limits);
  const [switches, setSwitches] = useState(found.settings);
  const changed = JSON.stringify([values, switches]) !== JSON.stringify([found.limits, found.settings]);
  const save = async (): Promise<void> => {
    const before = { limits: found.limits, settings: found.settings };
    const call = (body: unknown) => request("PATCH", path, { body });
    const undo = (): void => void act(call(before), "Taken back.").then(onSaved);
    if (await act(call({ limits: values, settings: switches }), "Saved.", undo)) onSaved();
  };
  return (
    <form
      class="limits"
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <fieldset disabled={!may}>
        <legend>Limits (0: none)</legend>
        {limits.map(([name, text, code]) => (
          <label key={name} class="limit">
            <span>
              {text} <small class="soft">refused with {code}</small>
            </span>
            <input
              type="number"
              min={0}
              step={1}
              value={values[name] ?? 0}
              data-testid={`limit-${name}`}
              onInput={(e) =>
                setValues({ ...values, [name]: Math.max(0, Math.floor(Number(e.currentTarget.value) || 0)) })
              }
            />
          </label>
        ))}
      </fieldset>
      <fieldset disabled={!may}>
        <legend>Rights</legend>
        {settings.map(([name, text]) => (
          <label key={name} class="limit switch">
            <span>{text}</span>
            <input
              type="checkbox"
              checked={switches[name] ?? false}
              onChange={(e) => setSwitches({ ...switches, [name]: e.currentTarget.checked })}
            />
          </label>
        ))}
      </fieldset>
      {may ? (
        <button type="submit" class="button primary" disabled={!changed} data-testid="limits-save">
          Save
        </button>
      ) : (
        <p class="soft">The operator of the server changes these.</p>
      )}
    </form>
  );
}
