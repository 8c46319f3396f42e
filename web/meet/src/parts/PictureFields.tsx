import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import { useStore } from "../state/context";
import { layoutWords, qualityWords, themeWords } from "../state/egress";

/** How the next recording or stream shall look; remembered by this browser. */
export function PictureFields() {
  const { pictureLayout, pictureTheme, pictureQuality } = useStore().prefs;
  return (
    <div class="picture-fields">
      <Choice label="Layout" of={pictureLayout} words={layoutWords} testid="picture-layout" />
      <Choice label="Colors" of={pictureTheme} words={themeWords} testid="picture-theme" />
      <Choice label="Size" of={pictureQuality} words={qualityWords} testid="picture-quality" />
    </div>
  );
}

function Choice<T extends string>({
  label,
  of,
  words,
  testid,
}: {
  label: string;
  of: Signal<T>;
  words: Readonly<Record<T, string>>;
  testid: string;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} data-testid={testid} value={of.value} onChange={(e) => (of.value = e.currentTarget.value as T)}>
        {Object.entries<string>(words).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
