import { Icon } from "@klatch/ui";
import type { IconNode } from "lucide";
import { MessageSquareLock, Mic, MicOff, Pin, PinOff, UserMinus, Video, VideoOff } from "lucide";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { VolumeSlider } from "../parts/Volume";
import { useStore } from "../state/context";
import { may, type Person } from "../state/room";
import type { Store } from "../state/store";
import { t } from "../text/inside";

interface Action {
  readonly icon: IconNode;
  readonly label: string;
  readonly testid: string;
  readonly danger?: boolean;
  run(): void;
}

/** What one may do with a participant. */
function* actionsOn({ id, name, on, pin, local }: Person, store: Store, remove: () => void): Generator<Action> {
  if (!local && store.has("chat")) {
    const label = t("writePrivately", { name });
    yield { icon: MessageSquareLock, label, testid: `write-${id}`, run: () => store.writeTo(id) };
  }
  if (!may(store.room.value, "allow_mod")) return;
  if (!local && store.has("micOfOthers"))
    yield {
      icon: on.audio ? MicOff : Mic,
      label: t(on.audio ? "muteOf" : "askToUnmute", { name }),
      testid: `mod-mic-${id}`,
      run: () => void store.setMicOf(id, !on.audio),
    };
  if (!local && store.has("camOfOthers"))
    yield {
      icon: on.video ? VideoOff : Video,
      label: t(on.video ? "switchCameraOffOf" : "askForCamera", { name }),
      testid: `mod-cam-${id}`,
      run: () => void store.setCamOf(id, !on.video),
    };
  if (store.has("pin"))
    yield {
      icon: pin.cam ? PinOff : Pin,
      label: t(pin.cam ? "unpinForAll" : "pinForAll", { name }),
      testid: `mod-pin-${id}`,
      run: () => void store.pin(id, !pin.cam),
    };
  if (!local && store.has("remove")) {
    const label = t("removePerson", { name });
    yield { icon: UserMinus, label, testid: `mod-remove-${id}`, danger: true, run: remove };
  }
}

/** Whether there is anything that one may do with a participant: how loud others are, one sets for oneself. */
export const hasActions = (person: Person, store: Store): boolean =>
  !person.local || !actionsOn(person, store, () => undefined).next().done;

/** The list of it, which the button of a row opens. */
export function PersonActions({ person, remove }: { person: Person; remove: () => void }) {
  const store = useStore();
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => list.current?.querySelector<HTMLElement>("button, input")?.focus(), []);
  const actions = [...actionsOn(person, store, remove)];
  return (
    <ul class="person-actions" ref={list} data-testid={`actions-${person.id}`}>
      {actions.filter(({ danger }) => !danger).map(item)}
      {!person.local && (
        <li>
          <VolumeSlider id={person.id} name={person.name} />
        </li>
      )}
      {actions.filter(({ danger }) => danger).map(item)}
    </ul>
  );
}

const item = ({ icon, label, testid, danger, run }: Action): JSX.Element => (
  <li key={testid}>
    <button type="button" class={`button wide plain${danger ? " removes" : ""}`} data-testid={testid} onClick={run}>
      <Icon icon={icon} size={18} /> {label}
    </button>
  </li>
);
