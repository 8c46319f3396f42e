import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Theme } from "../theme";
import { Brand } from "./Brand";
import { ThemeSwitch } from "./ThemeSwitch";

interface Props {
  theme: Signal<Theme>;
  /** Beside the brand. */
  children: ComponentChildren;
  /** At the other end, before the theme. */
  actions?: ComponentChildren;
}

/** The bar over a page that fills the screen. */
export function TopBar({ theme, children, actions }: Props) {
  return (
    <header class="topbar">
      <Brand />
      {children}
      <span class="topbar-fill" />
      {actions}
      <ThemeSwitch theme={theme} />
    </header>
  );
}
