export { fromAddress, toParameters } from "./address.js";
export {
  commands,
  type Command,
  type FromPage,
  type PrebuiltEvent,
  type PrebuiltEvents,
  type ToPage,
} from "./messages.js";
export { checkPageOptions, type PageLanguage, pageLanguages, type PageOptions } from "./options.js";
