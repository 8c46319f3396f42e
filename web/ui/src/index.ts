export { Badge } from "./parts/Badge";
export { identity, type Identity } from "./brand";
export { Brand } from "./parts/Brand";
export { copyText } from "./parts/copy";
export { CopyButton } from "./parts/CopyButton";
export { Dialog } from "./parts/Dialog";
export { FaultCard } from "./parts/FaultCard";
export { docsAddress, faultText, withNames } from "./parts/faultText";
export { titleOf } from "./parts/faultTitle";
export { Icon } from "./parts/Icon";
export { IconButton } from "./parts/IconButton";
export { Notice } from "./parts/Notice";
export { Page } from "./parts/Page";
export { PersonCard, PersonLine } from "./parts/PersonCard";
export { ProblemCard } from "./parts/ProblemCard";
export { ThemeSwitch } from "./parts/ThemeSwitch";
export { TopBar } from "./parts/TopBar";
export { Support } from "./parts/Support";
export { type FaultTexts, loadPersonTexts, personText, type PersonText, usePersonTexts } from "./person";
export { loadSettings, type Settings } from "./settings";
export { storageIfAllowed } from "./storage";
export {
  directionOf,
  type Entries,
  type Entry,
  locale,
  type PlainKey,
  type Plural,
  reader,
  type Translated,
} from "./text/catalogue";
export { uiEnglish, useUiTexts } from "./text";
export { applyTheme, type Theme, themes } from "./theme";
