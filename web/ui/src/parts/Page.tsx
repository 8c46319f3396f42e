import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Theme } from "../theme";
import { Brand } from "./Brand";
import { ThemeSwitch } from "./ThemeSwitch";

interface Props {
  theme: Signal<Theme>;
  testid: string;
  /** The main element. */
  children: ComponentChildren;
}

/** The frame of a page that scrolls. */
export function Page({ theme, testid, children }: Props) {
  return (
    <div class="page" data-testid={testid}>
      <header class="page-head">
        <Brand />
        <ThemeSwitch theme={theme} />
      </header>
      {children}
    </div>
  );
}
