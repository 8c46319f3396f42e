import { locale } from "@klatch/ui";
import { computed } from "@preact/signals";

const whole = computed(() => new Intl.NumberFormat(locale.value, { useGrouping: false }));
const twoDigits = computed(() => new Intl.NumberFormat(locale.value, { minimumIntegerDigits: 2 }));

/** 0:07, 12:30, 1:02:03, in the digits of the language. */
export function elapsed(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => twoDigits.value.format(n);
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return h > 0 ? `${whole.value.format(h)}:${two(m)}:${two(s)}` : `${whole.value.format(m)}:${two(s)}`;
}
