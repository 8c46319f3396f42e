import { hueOf, initials } from "./initials";

/** Stands for somebody without a picture. */
export function Avatar({ id, name }: { id: string; name: string }) {
  return (
    <span class={`avatar hue-${hueOf(id)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
