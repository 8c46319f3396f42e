import { Icon, IconButton } from "@klatch/ui";
import { EllipsisVertical, Hand, Mic, MicOff, MonitorUp, Video, VideoOff, Volume1, VolumeX, WifiOff } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../parts/Avatar";
import { useTools } from "../parts/tools";
import { volumeText } from "../parts/Volume";
import { useStore } from "../state/context";
import { type Entry, may, type Person } from "../state/room";
import { rich, t } from "../text/inside";
import { PanelHead } from "./PanelHead";
import { ParticipantRights } from "./ParticipantRights";
import { hasActions, PersonActions } from "./PersonActions";

/** Who is here and who knocks; moderators act on people from here. */
export function PeoplePanel() {
  const store = useStore();
  const { entries, people } = store.room.value;
  const { lock } = useTools();
  const [open, setOpen] = useState(""); // whose actions are shown
  useEffect(() => {
    if (!people.some(({ id }) => id === open)) setOpen("");
  }, [people, open]);
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
          {may(store.room.value, "allow_mod") && <ParticipantRights />}
          <ul data-testid="people-list">
            {sorted.map((p) => (
              <PersonRow key={p.id} person={p} open={open === p.id} setOpen={(shown) => setOpen(shown ? p.id : "")} />
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

interface RowProps {
  person: Person;
  open: boolean;
  setOpen: (open: boolean) => void;
}

function PersonRow({ person, open, setOpen }: RowProps) {
  const store = useStore();
  const [removing, setRemoving] = useState(false);
  const { id, name, on } = person;
  return (
    <li
      class="person"
      data-testid={`person-${id}`}
      onKeyDown={(e) => {
        if (e.key !== "Escape" || !open) return;
        e.stopPropagation(); // the panel stays
        setOpen(false);
        e.currentTarget.querySelector<HTMLElement>("[aria-expanded]")?.focus();
      }}
    >
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
        {!person.local && <Volume id={id} name={name} />}
        <State icon={on.audio ? Mic : MicOff} text={t(on.audio ? "microphoneOn" : "muted")} />
        <State icon={on.video ? Video : VideoOff} text={t(on.video ? "personCameraOn" : "personCameraOff")} />
      </span>
      {hasActions(person, store) && (
        <IconButton
          icon={EllipsisVertical}
          label={t("actionsOn", { name })}
          testid={`actions-button-${id}`}
          expanded={open}
          onClick={() => setOpen(!open)}
        />
      )}
      {open && <PersonActions person={person} remove={() => setRemoving(true)} />}
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

/** Where somebody's volume stands, unless that is where it always is. */
function Volume({ id, name }: { id: string; name: string }) {
  const percent = useStore().volumes?.of(id) ?? 100;
  if (percent === 100) return null;
  return <State icon={percent === 0 ? VolumeX : Volume1} text={volumeText(name, percent)} />;
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
