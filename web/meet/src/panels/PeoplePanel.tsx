import { Icon, IconButton } from "@klatch/ui";
import { Hand, Mic, MicOff, MonitorUp, Pin, PinOff, UserMinus, Video, VideoOff, WifiOff } from "lucide";
import { useState } from "preact/hooks";
import { Avatar } from "../parts/Avatar";
import { useTools } from "../parts/tools";
import { VolumeButton, VolumeSlider } from "../parts/Volume";
import { useStore } from "../state/context";
import { type Entry, may, type Person } from "../state/room";
import { rich, t } from "../text/inside";
import { PanelHead } from "./PanelHead";

/** Who is here and who knocks; moderators act on people from here. */
export function PeoplePanel() {
  const store = useStore();
  const { entries, people } = store.room.value;
  const { lock } = useTools();
  // Raised hands come first, in the order in which they went up.
  const sorted = people.toSorted((a, b) => turn(a) - turn(b));
  return (
    <>
      <PanelHead title={t("people")} close={t("closePeople")} />
      <div class="people">
        {entries.length > 0 && (
          <section aria-labelledby="waiting-title">
            <h3 id="waiting-title">{t("waitingToEnter", { count: entries.length })}</h3>
            <ul data-testid="entries">
              {entries.map((e) => (
                <EntryRow key={e.id} entry={e} />
              ))}
            </ul>
          </section>
        )}
        <section aria-labelledby="people-title">
          <h3 id="people-title">{t("inMeeting", { count: people.length })}</h3>
          {may(store.room.value, "allow_mod") && store.others.value.some((p) => p.on.audio) && (
            <button type="button" class="button small" data-testid="mute-all" onClick={() => void store.muteAll()}>
              <Icon icon={MicOff} size={16} /> {t("muteAll")}
            </button>
          )}
          {lock.possible && (
            <button
              type="button"
              class="button small"
              data-testid="people-lock"
              aria-busy={lock.busy}
              onClick={lock.run}
            >
              <Icon icon={lock.icon} size={16} /> {lock.short}
            </button>
          )}
          <ul data-testid="people-list">
            {sorted.map((p) => (
              <PersonRow key={p.id} person={p} />
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}

function EntryRow({ entry }: { entry: Entry }) {
  const store = useStore();
  return (
    <li class="person" data-testid={`entry-${entry.id}`}>
      <Avatar id={entry.id} name={entry.name} />
      <span class="person-name">
        <span class="clip" dir="auto" title={entry.name}>
          {entry.name}
        </span>
      </span>
      <button
        type="button"
        class="button primary small"
        data-testid="entry-allow"
        onClick={() => void store.answerEntry(entry.id, "allowed")}
      >
        {t("letIn")}
      </button>
      <button
        type="button"
        class="button small"
        data-testid="entry-deny"
        onClick={() => void store.answerEntry(entry.id, "denied")}
      >
        {t("deny")}
      </button>
    </li>
  );
}

function PersonRow({ person }: { person: Person }) {
  const store = useStore();
  const [removing, setRemoving] = useState(false);
  const [adjusting, setAdjusting] = useState(false);
  const moderate = may(store.room.value, "allow_mod");
  const { id, name, on } = person;
  return (
    <li class="person" data-testid={`person-${id}`}>
      <Avatar id={id} name={name} />
      <span class="person-name">
        <span class="clip" dir="auto" title={name}>
          {name}
        </span>
        {person.local && <small> {t("youInBrackets")}</small>}
      </span>
      <span class="person-state">
        {person.connectionState === "RECONNECTING" && <State icon={WifiOff} text={t("reconnecting")} />}
        {person.handAt > 0 && <State icon={Hand} text={t("handRaised")} />}
        {on.share && <State icon={MonitorUp} text={t("sharing")} />}
        {(!moderate || person.local) && (
          <State icon={on.audio ? Mic : MicOff} text={t(on.audio ? "microphoneOn" : "muted")} />
        )}
        {(!moderate || person.local) && (
          <State icon={on.video ? Video : VideoOff} text={t(on.video ? "personCameraOn" : "personCameraOff")} />
        )}
      </span>
      {!person.local && <VolumeButton id={id} name={name} open={adjusting} onClick={() => setAdjusting(!adjusting)} />}
      {moderate && (
        <span class="person-actions">
          {!person.local && (
            <>
              {store.has("micOfOthers") && (
                <IconButton
                  icon={on.audio ? Mic : MicOff}
                  label={t(on.audio ? "muteOf" : "askToUnmute", { name })}
                  testid={`mod-mic-${id}`}
                  onClick={() => void store.setMicOf(id, !on.audio)}
                />
              )}
              {store.has("camOfOthers") && (
                <IconButton
                  icon={on.video ? Video : VideoOff}
                  label={t(on.video ? "switchCameraOffOf" : "askForCamera", { name })}
                  testid={`mod-cam-${id}`}
                  onClick={() => void store.setCamOf(id, !on.video)}
                />
              )}
            </>
          )}
          {store.has("pin") && (
            <IconButton
              icon={person.pin.cam ? PinOff : Pin}
              label={t(person.pin.cam ? "unpinForAll" : "pinForAll", { name })}
              testid={`mod-pin-${id}`}
              pressed={person.pin.cam}
              onClick={() => void store.pin(id, !person.pin.cam)}
            />
          )}
          {!person.local && store.has("remove") && (
            <IconButton
              icon={UserMinus}
              label={t("removePerson", { name })}
              testid={`mod-remove-${id}`}
              danger
              onClick={() => setRemoving(true)}
            />
          )}
        </span>
      )}
      {adjusting && <VolumeSlider id={id} name={name} />}
      {removing && (
        <div class="confirm" role="group" aria-label={t("removePersonAsk", { name })}>
          <p>{rich("removeFromMeeting", { name: <bdi>{name}</bdi> })}</p>
          <button
            type="button"
            class="button danger small"
            data-testid="remove-confirm"
            onClick={() => void store.remove(id)}
          >
            {t("remove")}
          </button>
          <button type="button" class="button small" onClick={() => setRemoving(false)}>
            {t("keep")}
          </button>
        </div>
      )}
    </li>
  );
}

function State({ icon, text }: { icon: typeof Mic; text: string }) {
  return (
    <span class="state" title={text}>
      <Icon icon={icon} size={17} />
      <span class="offscreen">{text}</span>
    </span>
  );
}

/** Whoever has no hand up comes after all who have. */
function turn(person: Person): number {
  return person.handAt === 0 ? Number.MAX_SAFE_INTEGER : person.handAt;
}
