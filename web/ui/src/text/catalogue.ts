import { computed, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

/**
 * The texts of a page, by key. English is the source of truth: the types here refuse a translation that lacks or adds a
 * key or a placeholder. A placeholder stands as `{name}` in a text.
 */
export type Entries = Readonly<Record<string, Entry>>;

export type Entry = string | Plural;

/** A text that depends on `{count}`: one form for each plural category of the language; `other` is always there. */
export type Plural = { readonly other: string } & { readonly [Category in Intl.LDMLPluralRule]?: string };

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** The names of the placeholders of an entry. */
export type Placeholders<E> = E extends { readonly other: infer Other } ? Names<Other> | "count" : Names<E>;

type Values<E, V> = [Placeholders<E>] extends [never] ? [] : [values: { readonly [Name in Placeholders<E>]: V }];

/** The keys of the texts that have no placeholder. */
export type PlainKey<En> = {
  [K in keyof En]: [Placeholders<En[K]>] extends [never] ? K : never;
}[keyof En];

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type Fits<E, T> = E extends string
  ? T extends string
    ? Same<Names<E>, Names<T>> extends true
      ? T
      : { readonly placeholders: Names<E> }
    : string
  : T extends { readonly other: string }
    ? Same<Placeholders<E>, Placeholders<T>> extends true
      ? T
      : { readonly placeholders: Placeholders<E> }
    : Plural;

/** T where it has the keys and the placeholders of the English texts; else a type that does not fit T. */
export type Translated<En, T> = { readonly [K in keyof En]: K extends keyof T ? Fits<En[K], T[K]> : En[K] } & {
  readonly [K in Exclude<keyof T, keyof En>]: never;
};

/** The locale in which times and numbers are written, and whose plurals count. */
export const locale = signal("en");

const rtl = /^(ar|fa|he|ur)\b/;

/** The direction in which a language is written. */
export function directionOf(language: string): "ltr" | "rtl" {
  return rtl.test(language) ? "rtl" : "ltr";
}

const plurals = computed(() => new Intl.PluralRules(locale.value));
const numbers = computed(() => new Intl.NumberFormat(locale.value));

function textOf(entry: Entry, count: unknown): string {
  if (typeof entry === "string") return entry;
  return entry[plurals.value.select(Number(count))] ?? entry.other;
}

function written(value: string | number): string {
  if (typeof value === "number") return numbers.value.format(value);
  // A name in another direction must not reorder the sentence around it.
  return directionOf(locale.value) === "rtl" ? `\u2068${value}\u2069` : value;
}

const placeholder = /\{(\w+)\}/;

/** Returns the text of an entry with its values in place. */
export function fill(entry: Entry, values: Readonly<Record<string, string | number>> = {}): string {
  return textOf(entry, values["count"])
    .split(placeholder)
    .map((part, i) => (i % 2 === 0 ? part : written(values[part] ?? "")))
    .join("");
}

/** The same with elements as values. */
export function fillWith(entry: Entry, values: Readonly<Record<string, ComponentChildren>>): ComponentChildren[] {
  return textOf(entry, values["count"])
    .split(placeholder)
    .map((part, i) => (i % 2 === 0 ? part : typeof values[part] === "number" ? written(values[part]) : values[part]));
}

/** Returns how the texts of a catalogue are read. `translated` has those of the language; English stands in. */
export function reader<const En extends Entries>(en: En, translated: { readonly value: Entries }) {
  const entry = (key: keyof En): Entry => translated.value[key as string] ?? (en[key] as Entry);
  return {
    t: <K extends keyof En>(key: K, ...[values]: Values<En[K], string | number>): string => fill(entry(key), values),
    rich: <K extends keyof En>(key: K, values: { readonly [N in Placeholders<En[K]>]: ComponentChildren }) =>
      fillWith(entry(key), values),
  };
}
