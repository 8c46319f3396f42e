import { Plus, Radio, X } from "lucide";
import type { FaultFields } from "@klatch/sdk";
import { Dialog, Icon, IconButton } from "@klatch/ui";
import { useId, useState } from "preact/hooks";
import { FaultCard } from "../parts/FaultCard";
import { useStore } from "../state/context";
import { t } from "../text/inside";
import { addressProblem, keyProblem, type Target } from "../state/egress";

const empty: Target = { url: "", streamKey: "" };
/** More than these at a time the server refuses. */
const maxTargets = 10;

/** Where to stream to. Keys live in this dialog only: nothing keeps them, and closing it forgets them. */
export function LiveDialog() {
  const store = useStore();
  const [targets, setTargets] = useState<readonly Target[]>([empty]);
  const [checked, setChecked] = useState(false);
  const [refused, setRefused] = useState<FaultFields>();
  const concerned = refused?.details?.["output"]; // which output the server means
  const busy = store.busy.value.has("livestream");
  const set = (at: number, change: Partial<Target>): void =>
    setTargets((before) => before.map((t, i) => (i === at ? { ...t, ...change } : t)));
  const goLive = async (): Promise<void> => {
    setChecked(true);
    setRefused(undefined);
    if (busy || targets.some((t) => addressProblem(t) + keyProblem(t) !== "")) return;
    const fault = await store.startLivestream(targets);
    if (fault === undefined) store.screen.dialog.value = null;
    else setRefused(fault);
  };
  return (
    <Dialog
      title={t("goLive")}
      testid="live-dialog"
      autofocus={false}
      onClose={() => (store.screen.dialog.value = null)}
    >
      <form
        class="live-form"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void goLive();
        }}
      >
        {targets.map((target, i) => (
          <TargetFields
            key={i}
            number={targets.length > 1 ? i + 1 : 0}
            target={target}
            problem={(checked && addressProblem(target)) || (concerned === i ? "targetRefused" : "")}
            keyProblem={checked ? keyProblem(target) : ""}
            onChange={(change) => set(i, change)}
            {...(targets.length > 1 && { onRemove: () => setTargets(targets.filter((_, at) => at !== i)) })}
          />
        ))}
        {targets.length < maxTargets && (
          <button
            type="button"
            class="button small"
            data-testid="live-add"
            onClick={() => setTargets([...targets, empty])}
          >
            <Icon icon={Plus} size={16} /> {t("anotherTarget")}
          </button>
        )}
        {refused !== undefined && (
          // An alert of its own: what speaks for the page lies behind the dialog.
          <div role="alert" ref={(card) => card?.scrollIntoView({ block: "nearest" })}>
            <FaultCard fault={refused} />
          </div>
        )}
        <button type="submit" class="button primary wide big" data-testid="live-start" aria-busy={busy} disabled={busy}>
          <Icon icon={Radio} /> {t(busy ? "connecting" : "goLive")}
        </button>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  /** 0 where there is one target only. */
  number: number;
  target: Target;
  problem: ReturnType<typeof addressProblem> | "targetRefused";
  keyProblem: ReturnType<typeof keyProblem>;
  onChange: (change: Partial<Target>) => void;
  onRemove?: () => void;
}

function TargetFields({ number, target, problem, keyProblem, onChange, onRemove }: FieldsProps) {
  const id = useId();
  return (
    <fieldset class="target" data-testid="live-target">
      {number > 0 && <legend>{t("targetNumber", { number })}</legend>}
      {onRemove !== undefined && (
        <IconButton icon={X} label={t("removeTarget", { number })} testid="live-remove" onClick={onRemove} />
      )}
      <div class="field">
        <label for={`${id}url`}>{t("serverAddress")}</label>
        <input
          id={`${id}url`}
          data-testid="live-url"
          {...(number <= 1 && { "data-autofocus": true })}
          value={target.url}
          inputMode="url"
          dir="ltr"
          autoComplete="off"
          autoCapitalize="none"
          spellcheck={false}
          placeholder="rtmps://live.example.com/app"
          aria-invalid={problem !== ""}
          aria-describedby={`${id}problem`}
          onInput={(e) => onChange({ url: e.currentTarget.value })}
        />
        <p class="field-problem" id={`${id}problem`} role="alert" data-testid="live-problem">
          {problem === "" ? "" : t(problem)}
        </p>
      </div>
      <div class="field">
        <label for={`${id}key`}>{t("streamKey")}</label>
        {/* "off" would still let password managers offer to keep it. */}
        <input
          id={`${id}key`}
          type="password"
          data-testid="live-key"
          value={target.streamKey}
          autoComplete="one-time-code"
          spellcheck={false}
          aria-invalid={keyProblem !== ""}
          aria-describedby={`${id}keyproblem`}
          onInput={(e) => onChange({ streamKey: e.currentTarget.value })}
        />
        <p class="field-problem" id={`${id}keyproblem`} role="alert" data-testid="live-key-problem">
          {keyProblem === "" ? "" : t(keyProblem)}
        </p>
      </div>
    </fieldset>
  );
}
