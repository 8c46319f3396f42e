import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Box } from "./grid";

/** The size of an element, kept up to date. */
export function useSize<E extends HTMLElement>(): [{ current: E | null }, Box] {
  const ref = useRef<E>(null);
  const [size, setSize] = useState<Box>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const read = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
