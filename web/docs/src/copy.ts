/** How long a button says that it has copied, in ms. */
const shownFor = 2000;

/** Adds a button to each code block that copies its text. */
export function addCopyButtons(root: ParentNode): void {
  if (!("clipboard" in navigator)) return; // a page without HTTPS has none, other than on localhost
  for (const block of root.querySelectorAll(".code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    const name = (text: string): void => {
      button.textContent = text;
    };
    name("Copy");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(block.querySelector("pre")?.textContent ?? "");
        name("Copied");
      } catch {
        name("Copying was refused");
      }
      setTimeout(name, shownFor, "Copy");
    });
    block.append(button);
  }
}
