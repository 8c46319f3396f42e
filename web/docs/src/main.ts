import "./docs.css";
import { addCopyButtons } from "./copy";
import { addSearch } from "./search";

addCopyButtons(document);
const place = document.querySelector<HTMLElement>(".search");
if (place !== null) addSearch(place);
