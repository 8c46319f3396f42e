import styles from "./inside.css?inline";

// With the script, so that neither comes without the other; the policy of the page takes no <style> element.
const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
