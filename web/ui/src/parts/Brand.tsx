import { identity } from "../brand";
import { t } from "../text";

/** Name and image of whose page this is. */
export function Brand({ word = true }: { word?: boolean }) {
  const shown = identity.value;
  if (shown === null) return <span class="brand" />;
  const { name, logo, poweredBy } = shown;
  return (
    <span class="brand">
      {logo !== "" && <img src={logo} alt={word ? "" : name} height={28} />}
      {logo === "" && name === "Klatch" && <Mark />}
      {word && <b dir="auto">{name}</b>}
      {poweredBy && <small>{t("poweredBy")}</small>}
    </span>
  );
}

/** A cup that is also a speech bubble. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect class="brand-field" width="32" height="32" rx="9" />
      <path class="brand-cup" d="M7 9h14v9a6 6 0 0 1-6 6h-2a6 6 0 0 1-6-6z" />
      <path class="brand-ear" d="M21 11.5h1.5a3.5 3.5 0 0 1 0 7H21" fill="none" stroke-width="2.2" />
      <circle class="brand-field" cx="11" cy="15" r="1.6" />
      <circle class="brand-field" cx="17" cy="15" r="1.6" />
    </svg>
  );
}
