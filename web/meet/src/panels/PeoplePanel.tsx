import { Icon, IconButton } from "@klatch/ui";
import { Hand, Mic, MicOff, MonitorUp, Pin, PinOff, UserMinus, Video, VideoOff, WifiOff } from "lucide";
import { useState } from "preact/hooks";
import { Avatar } from "../parts/Avatar";
import { useStore } from "../state/context";
import { type Entry, may, type Person } from "../state/room";
import { PanelHead } from "./PanelHead";

/** Who is here and who knocks; moderators act on people from here. */
export function PeoplePanel() {
  const store = useStore();
  const { entries, people } = store.room.value;
  // Raised hands come first, in the order in which they went up.
  const sorted = people.toSorted((a, b) => turn(a) - turn(b));
  return (
    <>
      <PanelHead title="People" />
      <div class="people">
        {entries.length > 0 && (
          <section aria-labelledby="waiting-title">
            <h3 id="waiting-title">Waiting to be let in ({entries.length})</h3>
            <ul data-testid="entries">
              {entries.map((e) => (
                <EntryRow key={e.id} entry={e} />
              ))}
            </ul>
          </section>
        )}
        <section aria-labelledby="people-title">
          <h3 id="people-title">In the meeting ({people.length})</h3>
          {may(store.room.value, "allow_mod") && store.others.value.some((p) => p.on.audio) && (
            <button type="button" class="button small" data-testid="mute-all" onClick={() => void store.muteAll()}>
              <Icon icon={MicOff} size={16} /> Mute all
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
        Let in
      </button>
      <button
        type="button"
        class="button small"
        data-testid="entry-deny"
        onClick={() => void store.answerEntry(entry.id, "denied")}
      >
        Deny
      </button>
    </li>
  );
}

function PersonRow({ person }: { person: Person }) {
  const store = useStore();
  const [removing, setRemoving] = useState(false);
  const moderate = may(store.room.value, "allow_mod");
  const { id, name, on } = person;
  return (
    <li class="person" data-testid={`person-${id}`}>
      <Avatar id={id} name={name} />
      <span class="person-name">
        <span class="clip" dir="auto" title={name}>
          {name}
        </span>
        {person.local && <small> (you)</small>}
      </span>
      <span class="person-state">
        {person.connectionState === "RECONNECTING" && <State icon={WifiOff} text="Reconnecting…" />}
        {person.handAt > 0 && <State icon={Hand} text="Hand raised" />}
        {on.share && <State icon={MonitorUp} text="Sharing" />}
        {(!moderate || person.local) && (
          <State icon={on.audio ? Mic : MicOff} text={on.audio ? "Microphone on" : "Muted"} />
        )}
        {(!moderate || person.local) && (
          <State icon={on.video ? Video : VideoOff} text={on.video ? "Camera on" : "Camera off"} />
        )}
      </span>
      {moderate && (
        <span class="person-actions">
          {!person.local && (
            <>
              <IconButton
                icon={on.audio ? Mic : MicOff}
                label={on.audio ? `Mute ${name}` : `Ask ${name} to unmute`}
                testid={`mod-mic-${id}`}
                onClick={() => void store.setMicOf(id, !on.audio)}
              />
              <IconButton
                icon={on.video ? Video : VideoOff}
                label={on.video ? `Switch the camera of ${name} off` : `Ask ${name} to switch the camera on`}
                testid={`mod-cam-${id}`}
                onClick={() => void store.setCamOf(id, !on.video)}
              />
            </>
          )}
          <IconButton
            icon={person.pin.cam ? PinOff : Pin}
            label={person.pin.cam ? `Unpin ${name} for everybody` : `Pin ${name} for everybody`}
            testid={`mod-pin-${id}`}
            pressed={person.pin.cam}
            onClick={() => void store.pin(id, !person.pin.cam)}
          />
          {!person.local && (
            <IconButton
              icon={UserMinus}
              label={`Remove ${name}`}
              testid={`mod-remove-${id}`}
              danger
              onClick={() => setRemoving(true)}
            />
          )}
        </span>
      )}
      {removing && (
        <div class="confirm" role="group" aria-label={`Remove ${name}?`}>
          <p>
            Remove <bdi>{name}</bdi> from the meeting?
          </p>
          <button
            type="button"
            class="button danger small"
            data-testid="remove-confirm"
            onClick={() => void store.remove(id)}
          >
            Remove
          </button>
          <button type="button" class="button small" onClick={() => setRemoving(false)}>
            Keep
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
