import { Icon } from "@klatch/ui";
import { CircleCheck, Info, ShieldCheck, TriangleAlert } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { serverRoot } from "../address";
import { now } from "../parts/clock";
import { durationText } from "../parts/duration";
import { momentText, utcText } from "../parts/time";
import { View } from "../parts/View";
import { inspect, signedWith, type Finding, type Inspection } from "../token/inspect";

/** Looks at a pasted token in this page alone. Nothing of it is sent, kept, or put into the address. */
export function Token() {
  const [text, setText] = useState("");
  const [secret, setSecret] = useState("");
  const [signed, setSigned] = useState<boolean | undefined>();
  const found = text === "" ? undefined : inspect(text, now.value);
  useEffect(() => {
    setSigned(undefined);
    if (found === undefined || secret === "") return undefined;
    let gone = false;
    void signedWith(found, secret).then((is) => !gone && setSigned(is));
    return () => {
      gone = true;
    };
  }, [text, secret]);
  return (
    <View
      title="Token inspector"
      testid="token-view"
      lead="Says what is wrong with a token, as a server would judge it."
    >
      <p class="private">
        <Icon icon={ShieldCheck} size={18} /> It is looked at in this page alone: nothing is sent to a server, kept, or
        put into the address.
      </p>
      <div class="token-fields">
        <div class="field">
          <label for="token-text">Token</label>
          <textarea
            id="token-text"
            rows={5}
            spellcheck={false}
            autocomplete="off"
            placeholder="eyJhbGciOi…"
            value={text}
            data-testid="token-text"
            onInput={(e) => setText(e.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for="token-secret">Secret of the API key, to check the signature (not needed)</label>
          <input
            id="token-secret"
            type="password"
            autocomplete="off"
            value={secret}
            data-testid="token-secret"
            onInput={(e) => setSecret(e.currentTarget.value)}
          />
        </div>
      </div>
      <div aria-live="polite">
        {found === undefined ? (
          <div class="empty-text soft">
            <p>
              A token is a JSON Web Token (HS256, signed with an API secret). It needs <code>apikey</code>,{" "}
              <code>permissions</code> (<code>allow_join</code>, or <code>ask_join</code> for the lobby, and{" "}
              <code>allow_mod</code> for moderators) and an <code>exp</code>. Paste one above.
            </p>
          </div>
        ) : (
          <Findings found={found} secret={secret} signed={signed} />
        )}
      </div>
    </View>
  );
}

function Findings({ found, secret, signed }: { found: Inspection; secret: string; signed: boolean | undefined }) {
  const problems = found.findings.filter((f) => f.level === "problem");
  const mismatch: Finding = {
    level: "problem",
    code: 4002,
    reason: "SIGNATURE_MISMATCH",
    what: "The signature does not match this secret.",
    remedy: "Sign with the secret that belongs to this API key, as text, exactly as it was shown.",
  };
  const all = signed === false ? [mismatch, ...found.findings] : found.findings;
  return (
    <div class="findings" data-testid="token-findings">
      {problems.length === 0 && signed !== false && (
        <p class="well" data-testid="token-good">
          <Icon icon={CircleCheck} size={20} />
          <span>
            Nothing is wrong with its shape and claims
            {signed === true ? ", and the signature matches the secret" : ""}. Only the server knows whether the key
            exists and is active
            {signed === true ? "" : ", and whether the signature is right"}.
          </span>
        </p>
      )}
      {secret !== "" && signed === undefined && found.signed !== undefined && (
        <p class="soft">The signature was not checked: a browser computes it only on https and on localhost.</p>
      )}
      <ul>
        {all.map((f) => (
          <li key={f.what} class={`finding ${f.level}`} data-reason={f.reason}>
            <Icon icon={f.level === "problem" ? TriangleAlert : Info} size={18} />
            <div>
              {f.code !== undefined && (
                <a
                  class="chip"
                  href={`${serverRoot}errors/${f.code}#${f.reason}`}
                  target="_blank"
                  rel="noopener noreferrer"
                >
                  <b>{f.code}</b> {f.reason}
                </a>
              )}
              <p>{f.what}</p>
              <p class="soft">
                <b>What to do:</b> {f.remedy}
              </p>
            </div>
          </li>
        ))}
      </ul>
      {found.claims !== undefined && <Claims claims={found.claims} />}
      {found.header !== undefined && (
        <details class="json" open>
          <summary>Decoded</summary>
          <pre data-testid="token-json">
            {JSON.stringify({ header: found.header, claims: found.claims }, undefined, 2)}
          </pre>
        </details>
      )}
    </div>
  );
}

function Claims({ claims }: { claims: Readonly<Record<string, unknown>> }) {
  const times = (["iat", "nbf", "exp"] as const)
    .map((name) => [name, claims[name]] as const)
    .filter((t): t is readonly ["iat" | "nbf" | "exp", number] => typeof t[1] === "number" && t[1] < 253_402_300_800);
  if (times.length === 0) return null;
  const words = { iat: "Made", nbf: "Valid from", exp: "Expires" };
  return (
    <dl class="facts">
      {times.map(([name, seconds]) => {
        const ms = seconds * 1000;
        const away = ms - now.value;
        return (
          <div key={name}>
            <dt>
              {words[name]} <code>{name}</code>
            </dt>
            <dd title={utcText(ms)}>
              {momentText(ms, now.value)}{" "}
              <span class="soft">{away >= 0 ? `in ${durationText(away)}` : `${durationText(-away)} ago`}</span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
