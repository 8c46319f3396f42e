import { reader } from "@klatch/ui";
import { en } from "./en";
import { enInside } from "./en.inside";
import { translated } from "./index";

/** The same for all texts of the page. Only what the first view does not need imports this. */
export const { t, rich } = reader({ ...en, ...enInside }, translated);

/** The keys of texts that have no placeholder. */
export type Text = import("@klatch/ui").PlainKey<typeof en & typeof enInside>;
