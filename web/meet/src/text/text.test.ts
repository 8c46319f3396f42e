import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pageLanguages } from "@klatch/prebuilt";
import { type Entry, locale, personText, type Plural, uiEnglish, usePersonTexts } from "@klatch/ui";
import ts from "typescript";
import { afterEach, describe, expect, it } from "vitest";
import { personTexts } from "../../../ui/src/personTexts.gen";
import { en } from "./en";
import { enConnection } from "./en.connection";
import { enEffects } from "./en.effects";
import { enFiles } from "./en.files";
import { enInside } from "./en.inside";
import { type Language, type LanguageOf, translated } from "./index";
import { t } from "./inside";
import { languageOf, languageTexts, localeOf } from "./language";

const folder = fileURLToPath(new URL("..", import.meta.url));

afterEach(() => {
  translated.value = {};
  usePersonTexts(null);
  locale.value = "en";
});

function forms(entry: Entry): readonly string[] {
  return typeof entry === "string" ? [entry] : Object.values(entry);
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();
}

/** What is wrong with the translation of some texts. */
function problemsOf(language: string, english: Record<string, Entry>, texts: Record<string, Entry>): string[] {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return [...new Set([...Object.keys(english), ...Object.keys(texts)])].flatMap((key) => {
    const [source, text] = [english[key], texts[key]];
    if (source === undefined) return [`${key}: is not in English`];
    if (text === undefined) return [`${key}: is missing`];
    if (typeof source !== typeof text) return [`${key}: one is a plural and the other is not`];
    const problems: string[] = [];
    if (typeof text !== "string")
      for (const category of categories)
        if (text[category] === undefined) problems.push(`${key}: the plural form "${category}" is missing`);
    const want = new Set(forms(source).flatMap(placeholders));
    for (const form of forms(text)) {
      if (form.trim() === "") problems.push(`${key}: is empty`);
      const got = new Set(placeholders(form));
      // A form for one thing may say so without the number.
      for (const name of want)
        if (!got.has(name) && !(typeof text !== "string" && name === "count"))
          problems.push(`${key}: {${name}} is missing in "${form}"`);
      for (const name of got) if (!want.has(name)) problems.push(`${key}: {${name}} is unknown`);
    }
    return problems;
  });
}

const lines = (texts: Readonly<Record<string, readonly [string, string]>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([key, [what, todo]]) => [
      [`${key} what`, what],
      [`${key} todo`, todo],
    ]),
  );

describe("every language", () => {
  const others = pageLanguages.filter((l) => l !== "en");
  it.each(others)("%s has all texts, with their placeholders and plural forms", async (language) => {
    const { page, ui, faults } = (await languageTexts(language)) as Language;
    expect(problemsOf(language, { ...en, ...enInside, ...enEffects, ...enConnection, ...enFiles }, page)).toEqual([]);
    expect(problemsOf(language, uiEnglish, ui)).toEqual([]);
    expect(problemsOf(language, lines(personTexts), lines(faults))).toEqual([]);
  });

  it("finds what is wrong", () => {
    const english = { a: "A", b: "{name} is here", c: { one: "one", other: "{count} of {all}" }, d: "D" };
    expect(problemsOf("ar", english, { a: "", b: "{nam}", c: { other: "{count}" } as Plural, e: "E" })).toEqual([
      "a: is empty",
      'b: {name} is missing in "{nam}"',
      "b: {nam} is unknown",
      ...["few", "many", "one", "two", "zero"].map((category) => `c: the plural form "${category}" is missing`),
      'c: {all} is missing in "{count}"',
      "d: is missing",
      "e: is not in English",
    ]);
  });

  it("does not compile with a key or a placeholder too few or too many", () => {
    type Page = typeof en & typeof enInside & typeof enEffects & typeof enConnection & typeof enFiles;
    const fits = <P>(page: P & LanguageOf<P, typeof uiEnglish>["page"]): P => page;
    const { cancel: _, ...less } = { ...en, ...enInside, ...enEffects, ...enConnection, ...enFiles };
    const all: Page = { ...en, ...enInside, ...enEffects, ...enConnection, ...enFiles };
    expect(fits(all)).toBe(all);
    // @ts-expect-error: a key is missing
    fits(less);
    // @ts-expect-error: a key is unknown
    fits({ ...all, shout: "Hey!" } as const);
    // @ts-expect-error: a placeholder is missing
    fits({ ...all, muteOf: "Mute" } as const);
    // @ts-expect-error: a placeholder is unknown
    fits({ ...all, cancel: "Cancel {it}" } as const);
  });
});

describe("a text", () => {
  it("is read with numbers and plurals of the language", async () => {
    expect(t("askToJoinCount", { count: 1200 })).toBe("1,200 people ask to join.");
    translated.value = ((await languageTexts("de")) as Language).page;
    locale.value = "de";
    expect(t("askToJoinCount", { count: 1200 })).toBe("1.200 Personen bitten um Einlass.");
    expect(t("lobbyAsked", { count: 1 })).toMatch(/^Eine Person/);
    expect(t("muteOf", { name: "Ann {name}" })).toBe("Ann {name} stumm schalten");
  });

  it("of a fault is that of the language", async () => {
    usePersonTexts(((await languageTexts("de")) as Language).faults);
    const lost = { code: 5002, reason: "OUTPUT_LOST" };
    expect(personText({ ...lost, details: { output: 0 } }).what).toBe("Ziel 1 des Livestreams ging verloren.");
    expect(personText(lost).what).toBe("Ziel des Livestreams ging verloren.");
  });
});

describe("the language", () => {
  it.each([
    ["", ["nl-NL", "de-AT", "en"], "de"],
    ["", ["tlh"], "en"],
    ["en", ["de"], "en"],
  ] as const)("chosen %j, in a browser of %j, is %s", (chosen, preferred, want) =>
    expect(languageOf(chosen, preferred)).toBe(want),
  );

  it("keeps the variant of the browser", () => {
    expect(localeOf("en", ["de", "en-GB"])).toBe("en-GB");
    expect(localeOf("de", ["en-GB"])).toBe("de");
  });
});

/** Attributes and properties of components whose value a person sees or hears. */
const spoken = new Set(
  "title aria-label aria-description placeholder alt label text close start stop ariaLabel".split(" "),
);

const letters = /\p{L}/u;

/** Returns the literals of an expression that would be shown: not the keys that are handed to t, and not conditions. */
function shown(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return letters.test(node.text) ? [node.text] : [];
  if (ts.isTemplateExpression(node)) {
    const parts = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].filter((x) =>
      letters.test(x),
    );
    return [...parts, ...node.templateSpans.flatMap((span) => shown(span.expression))];
  }
  if (ts.isCallExpression(node) || ts.isArrowFunction(node) || ts.isJsxElement(node)) return [];
  if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node)) return [];
  if (ts.isConditionalExpression(node)) return [...shown(node.whenTrue), ...shown(node.whenFalse)];
  if (ts.isBinaryExpression(node)) {
    const compares = node.operatorToken.kind !== ts.SyntaxKind.PlusToken && !isLogical(node.operatorToken.kind);
    return compares ? [] : [...shown(node.left), ...shown(node.right)];
  }
  if (ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node)) return [];
  const found: string[] = [];
  ts.forEachChild(node, (child) => void found.push(...shown(child)));
  return found;
}

function isLogical(kind: ts.SyntaxKind): boolean {
  return [
    ts.SyntaxKind.AmpersandAmpersandToken,
    ts.SyntaxKind.BarBarToken,
    ts.SyntaxKind.QuestionQuestionToken,
  ].includes(kind);
}

/** Returns the literals of a source that people see or hear, each with its line. */
function literals(name: string, source: string): string[] {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const add = (node: ts.Node, texts: readonly string[]): void => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    for (const text of texts) found.push(`${name}:${line + 1}: ${text.trim()}`);
  };
  const walk = (node: ts.Node): void => {
    if (ts.isJsxText(node) && letters.test(node.text)) add(node, [node.text]);
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && node.expression)
      add(node, shown(node.expression));
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer)
      add(node, shown(node.initializer));
    // A sentence anywhere else, as it is announced or handed on.
    if (ts.isStringLiteralLike(node) && /^\p{Lu}\p{L}* \p{L}.*|^\p{Lu}\p{Ll}+[.…!?]$/u.test(node.text))
      if (!ts.isJsxAttribute(node.parent)) add(node, [node.text]);
    if (ts.isTemplateExpression(node) && /\p{Ll}+ \p{Ll}+/u.test(node.head.text) && !inClass(node))
      add(node, [node.head.text]);
    ts.forEachChild(node, walk);
  };
  walk(file);
  return [...new Set(found)];
}

function inClass(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent)
    if (ts.isJsxAttribute(at)) return at.name.getText() === "class";
  return false;
}

/** No language of people: what goes over the wire, what only a developer meets, the example of an address. */
const allowed = new Set([
  "state/store.ts: Raise Hand",
  "state/store.ts: Lower Hand",
  "state/context.ts: useStore outside of StoreContext",
  "effects/background.ts: WebAssembly SIMD",
  "effects/background.ts: MediaStreamTrackProcessor or requestVideoFrameCallback",
  "effects/index.tsx: this device shows",
  "effects/background.ts: no picture after",
  "effects/background.ts: this browser has no",
  "effects/noise.ts: not ready after",
  "panels/LiveDialog.tsx: rtmps://live.example.com/app",
]);

/** The texts themselves. */
const languageFiles = new RegExp(`^text/(${pageLanguages.join("|")})\\.`);

/** The parts of web/ui that the page shows. */
const shared = ["Brand", "CopyButton", "Dialog", "FaultFacts", "IconButton", "Notice", "Page", "PersonCard", "Support"]
  .concat("ThemeSwitch", "TopBar", "Badge", "Icon")
  .map((part) => `../../ui/src/parts/${part}.tsx`);

describe("no text for people stands in the code", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tsx?$/.test(name) && !name.endsWith(".test.ts") && !languageFiles.test(name),
  );
  it.each([...files, ...shared])("%s", (name) => {
    const found = literals(name, readFileSync(join(folder, name), "utf8"));
    expect(found.filter((line) => !allowed.has(line.replace(/:\d+:/, ":")))).toEqual([]);
  });

  it("finds each place where one can stand", () => {
    const source = [
      "const a = <p>Hello</p>;",
      'const b = <p title="Hello">{t("key")}</p>;',
      'const c = <p aria-label={x ? "Hello" : t("key")} class={`a ${b}`} />;',
      'const d = <p placeholder={`Hello ${name}`}>{x === "y" && "Hello"}</p>;',
      'say(state, "Hello there.");',
    ].join("\n");
    expect(literals("x.tsx", source)).toEqual([
      "x.tsx:1: Hello",
      "x.tsx:2: Hello",
      "x.tsx:3: Hello",
      "x.tsx:4: Hello",
      "x.tsx:5: Hello there.",
    ]);
  });
});
