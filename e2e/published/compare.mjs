// Compares every published name of the vendor's type declarations with ours, with TypeScript's checker, and prints the
// names and the differences as JSON.
//
// The rule: code that compiles against the published declarations compiles against ours. So what an app puts in (an
// argument, an option, a listener) may be of any published type, and what it gets (a property, a result, the argument
// of a listener) must be of the published type or a narrower one. Classes are compared member by member, once, and
// then count as equal wherever they occur, so that one missing method is one difference.
//
// Not compared: constructors of classes that an app gets from the SDK, `readonly` (an assignment to a property of the
// SDK has no effect in either), and the text of comments.

import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const here = dirname(fileURLToPath(import.meta.url));
const web = resolve(here, "../../web");
const packages = {
  js: {
    published: join(here, "node_modules/@videosdk.live/js-sdk/index.d.ts"),
    ours: join(web, "videosdk/src/index.ts"),
  },
  react: {
    published: join(
      here,
      "node_modules/@videosdk.live/react-sdk/dist/types/index.d.ts",
    ),
    ours: join(web, "react/src/index.ts"),
  },
};
const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: [],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  esModuleInterop: true,
  jsx: ts.JsxEmit.ReactJSX,
  paths: {
    "@klatch/sdk": [join(web, "sdk/src/index.ts")],
    "@klatch/state": [join(web, "state/src/index.ts")],
    react: [join(here, "node_modules/@types/react/index.d.ts")], // one copy for both
    "@videosdk.live/js-sdk": [packages.js.published],
    "@videosdk.live/react-sdk": [packages.react.published],
  },
};
const {
  Object: ObjectFlag,
  NonPrimitive,
  Any,
  Unknown,
  Never,
  Void,
  Undefined,
  Null,
  TypeParameter,
  IndexedAccess,
} = ts.TypeFlags;

/** Files that exist only in the program: the calls whose listeners the checker types. */
const virtual = new Map();
const host = ts.createCompilerHost(options);
const { fileExists, readFile, getSourceFile } = host;
const parsed = new Map();
host.fileExists = (name) => virtual.has(name) || fileExists(name);
host.readFile = (name) => virtual.get(name) ?? readFile(name);
host.getSourceFile = (name, ...rest) => {
  if (virtual.has(name))
    return ts.createSourceFile(name, virtual.get(name), options.target, true);
  if (!parsed.has(name)) parsed.set(name, getSourceFile(name, ...rest));
  return parsed.get(name);
};

const roots = Object.values(packages).flatMap(({ published, ours }) => [
  published,
  ours,
]);
let program = ts.createProgram(roots, options, host);
let checker = program.getTypeChecker();

const differences = new Map(); // path to text
const names = []; // every published name: { package, surface, name, path }
let lines; // where lines go while an alternative is tried; undefined is `differences`

function differ(path, text) {
  const into = lines ?? differences;
  if (!into.has(path)) into.set(path, text);
}

const known = new Set();
function name(surface, path) {
  if (lines || known.has(path)) return;
  known.add(path);
  names.push({ package: path.split(" ")[0], surface, path });
}

const show = (type) => {
  const text = checker
    .typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation)
    .replace(/import\("[^"]*"\)\.?/g, "");
  return text.length > 110 ? `${text.slice(0, 107)}...` : text;
};
const resolved = (symbol) =>
  symbol.flags & ts.SymbolFlags.Alias
    ? checker.getAliasedSymbol(symbol)
    : symbol;
const exportsOf = (file) => {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  return new Map(
    module
      ? checker.getExportsOfModule(module).map((s) => [s.name, resolved(s)])
      : [],
  );
};
const isPublished = (symbol) =>
  symbol?.declarations?.some((d) =>
    d.getSourceFile().fileName.includes("/node_modules/@videosdk.live/"),
  ) ?? false;
const isForeign = (symbol) =>
  symbol?.declarations?.every((d) => {
    const file = d.getSourceFile();
    return (
      program.isSourceFileDefaultLibrary(file) ||
      file.fileName.includes("/@types/")
    );
  }) ?? false;
const isHidden = (symbol) =>
  symbol.declarations?.some(
    (d) =>
      ts.getCombinedModifierFlags(d) &
        (ts.ModifierFlags.Private | ts.ModifierFlags.Protected) ||
      ts.getJSDocTags(d).some((tag) => tag.tagName.text === "internal"),
  ) ?? false;

let ourNames = new Map();
/** Our counterpart of a published class: the one that we export under its name. */
const counterpart = (symbol) => ourNames.get(symbol?.name);

const typeOf = (symbol) => checker.getTypeOfSymbol(symbol);
const member = (type, key) => {
  const found = checker.getPropertyOfType(type, key);
  return found && !isHidden(found) ? found : undefined;
};
const isOptional = (symbol) => (symbol.flags & ts.SymbolFlags.Optional) !== 0;
const parts = (type) => (type.isUnion() ? type.types : [type]);
const valueOf = (type) =>
  type.isStringLiteral() || type.isNumberLiteral()
    ? type.value
    : type.flags & ts.TypeFlags.BooleanLiteral
      ? type.intrinsicName === "true"
      : undefined;
const plain = (type) => {
  if (!(type.flags & (TypeParameter | IndexedAccess))) return type;
  return (
    checker.getBaseConstraintOfType(type) ?? checker.getUnknownType?.() ?? type
  );
};

/** Runs f and returns the lines that it would have written. */
function attempt(f) {
  const before = lines;
  lines = new Map();
  try {
    f();
    return lines;
  } finally {
    lines = before;
  }
}
const adopt = (found) => found.forEach((text, path) => differ(path, text));

/**
 * Reports why a value of type `from` may not go where type `to` is wanted. Input: from is a published type, which an
 * app writes, and to is ours. Output: from is ours, and to is what the app expects.
 */
function flow(from, to, path, input, seen = new Set()) {
  from = plain(from);
  to = plain(to);
  if (from === to || to.flags & (Any | Unknown) || from.flags & (Any | Never))
    return;
  if (!input && to.flags & Void) return; // nobody looks at it
  const key = `${from.id}>${to.id}`;
  if (seen.has(key)) return;
  seen = new Set(seen).add(key);
  const targets = parts(to);
  const verdict = () =>
    differ(
      path,
      input
        ? `published ${show(from)}, ours takes ${show(to)}`
        : `published ${show(to)}, ours ${show(from)}`,
    );
  for (const part of parts(from)) {
    if (part.flags & (Undefined | Null | Void)) {
      if (
        !targets.some(
          (t) =>
            t.flags & (Any | Unknown) || checker.isTypeAssignableTo(part, t),
        )
      )
        differ(
          path,
          input
            ? `published may be ${show(part)}`
            : `ours may be ${show(part)}, published ${show(to)}`,
        );
      continue;
    }
    const value = valueOf(part);
    if (value !== undefined) {
      const fits = targets.some(
        (t) =>
          valueOf(t) === value ||
          checker.isTypeAssignableTo(part, t) ||
          (t.flags & ts.TypeFlags.String && typeof value === "string") ||
          (t.flags & ts.TypeFlags.Number && typeof value === "number"),
      );
      if (!fits)
        differ(
          path,
          input
            ? `ours does not take ${show(part)}`
            : `ours may be ${show(part)}, published ${show(to)}`,
        );
      continue;
    }
    if (
      part.symbol?.name === "String" &&
      isForeign(part.symbol) &&
      targets.some((t) => t.flags & ts.TypeFlags.String)
    )
      continue; // `String` is published where `string` is meant
    if (!(part.flags & ObjectFlag) && !part.isIntersection?.()) {
      if (!checker.isTypeAssignableTo(part, to)) verdict();
      continue;
    }
    if (targets.some((t) => t.flags & NonPrimitive)) continue;
    const objects = targets.filter(
      (t) => t.flags & ObjectFlag || t.isIntersection?.(),
    );
    if (objects.length === 0) {
      verdict();
      continue;
    }
    const tries = objects.map((t) =>
      attempt(() => flowObject(part, t, path, input, seen)),
    );
    const best = tries.reduce((a, b) => (b.size < a.size ? b : a));
    if (best.size === 0 && lines === undefined)
      flowObject(part, objects[tries.indexOf(best)], path, input, seen); // names its members
    else if (
      [...best].filter(
        ([at, text]) =>
          text === "missing" && /^\.\w+$/.test(at.slice(path.length)),
      ).length > 8
    )
      verdict(); // another thing altogether
    else adopt(best);
  }
}

const generic = (type) => {
  const target = checker.getTypeArguments && type.target ? type : undefined;
  const arguments_ = target ? checker.getTypeArguments(target) : [];
  return { name: type.symbol?.name, arguments: arguments_ };
};
const containers = new Map([
  ["Promise", ["Promise", "PromiseLike"]],
  ["Array", ["Array", "ReadonlyArray"]],
  ["ReadonlyArray", ["ReadonlyArray", "Array"]],
  ["Map", ["Map", "ReadonlyMap"]],
  ["ReadonlyMap", ["ReadonlyMap", "Map"]],
  ["Set", ["Set", "ReadonlySet"]],
]);

function flowObject(from, to, path, input, seen) {
  const [published, ours] = input ? [from, to] : [to, from];
  if (isPublished(published.symbol) && published.isClassOrInterface?.()) {
    const mine = counterpart(published.symbol);
    if (mine && ours.symbol === checker.getDeclaredTypeOfSymbol(mine).symbol) {
      queue(published.symbol, mine);
      return;
    }
  }
  if (published.symbol?.flags & ts.SymbolFlags.Enum)
    return enumeration(published.symbol, ours, path);
  if (to.isIntersection()) {
    for (const part of to.types) flowObject(from, part, path, input, seen);
    return;
  }
  if (from.isIntersection()) {
    // a promise with more
    from =
      from.types.find((type) =>
        containers.get(to.symbol?.name)?.includes(type.symbol?.name),
      ) ?? from;
  }
  const [a, b] = [generic(from), generic(to)];
  if (
    containers.get(b.name)?.includes(a.name) &&
    isForeign(to.symbol) &&
    a.arguments.length === b.arguments.length
  ) {
    a.arguments.forEach((type, i) =>
      flow(type, b.arguments[i], path, input, seen),
    );
    return;
  }
  const calls = checker.getSignaturesOfType(to, ts.SignatureKind.Call);
  if (to.symbol?.name === "Function" && isForeign(to.symbol)) {
    if (
      from.symbol !== to.symbol &&
      checker.getSignaturesOfType(from, ts.SignatureKind.Call).length === 0
    )
      differ(path, "ours is no function");
    return;
  }
  if (calls.length > 0) return callable(from, to, path, input, seen);
  if (
    isForeign(to.symbol) ||
    (isForeign(from.symbol) && !isForeign(to.symbol) && input)
  ) {
    if (!checker.isTypeAssignableTo(from, to))
      differ(
        path,
        input
          ? `published ${show(from)}, ours takes ${show(to)}`
          : `published ${show(to)}, ours ${show(from)}`,
      );
    return;
  }
  const index = checker.getIndexTypeOfType(to, ts.IndexKind.String);
  for (const wanted of checker.getPropertiesOfType(to)) {
    const has = member(from, wanted.name);
    const at = `${path}.${wanted.name}`;
    if (!has) {
      if (!input) differ(at, "missing");
      else if (!isOptional(wanted)) differ(at, "ours requires it");
      continue;
    }
    if (isOptional(has) && !isOptional(wanted)) {
      differ(at, input ? "ours requires it" : "ours may leave it out");
    }
    flow(nonOptional(has), withOptional(wanted), at, input, seen);
  }
  if (!input || index) {
    if (index && !checker.isTypeAssignableTo(from, to))
      differ(path, `ours takes ${show(to)}`);
    return;
  }
  for (const given of checker.getPropertiesOfType(from)) {
    if (!member(to, given.name)) differ(`${path}.${given.name}`, "missing");
  }
}
// `x?: T` and `x?: T | undefined` are one thing to code without exactOptionalPropertyTypes.
const nonOptional = (symbol) => {
  const type = typeOf(symbol);
  return isOptional(symbol) ? checker.getNonNullableType(type) : type;
};
const withOptional = typeOf;

/** Functions: some signature of `from` must serve each one of `to`. */
function callable(from, to, path, input, seen) {
  const have = checker.getSignaturesOfType(from, ts.SignatureKind.Call);
  if (have.length === 0) return differ(path, "ours is no function");
  for (const wanted of checker.getSignaturesOfType(to, ts.SignatureKind.Call)) {
    const tries = have.map((own) =>
      attempt(() => signature(own, wanted, path, input, seen)),
    );
    const best = tries.reduce((a, b) => (b.size < a.size ? b : a));
    adopt(best);
  }
}

function parametersOf(signature) {
  const list = [];
  for (const symbol of signature.parameters) {
    const declaration = symbol.valueDeclaration;
    const rest =
      declaration &&
      ts.isParameter(declaration) &&
      declaration.dotDotDotToken !== undefined;
    const type = typeOf(symbol);
    if (rest && checker.isTupleType(plain(type))) {
      const { elementFlags, labeledElementDeclarations: labels } =
        plain(type).target;
      checker.getTypeArguments(plain(type)).forEach((t, i) =>
        list.push({
          name: labels?.[i]?.name?.getText() ?? `${symbol.name}${i}`,
          type: t,
          optional: (elementFlags[i] & ts.ElementFlags.Optional) !== 0,
        }),
      );
    } else if (rest) {
      list.push({
        name: symbol.name,
        type: checker.getTypeArguments(type)[0] ?? type,
        optional: true,
        rest: true,
      });
    } else {
      const optional =
        declaration &&
        ts.isParameter(declaration) &&
        (declaration.questionToken || declaration.initializer);
      list.push({
        name: symbol.name.startsWith("__") ? "options" : symbol.name,
        type,
        optional: Boolean(optional),
      });
    }
  }
  return list;
}

function signature(own, wanted, path, input, seen) {
  const [mine, theirs] = [parametersOf(own), parametersOf(wanted)];
  const label = input ? mine : theirs; // the published names of the parameters
  theirs.forEach((parameter, i) => {
    const taker = mine[i] ?? mine.findLast((m) => m.rest);
    const at = `${path}(${label[i]?.name ?? parameter.name})`;
    if (!taker) {
      if (!input) differ(at, "ours does not take it");
      return; // a listener may ignore arguments
    }
    const optional = parameter.optional && !taker.optional;
    if (optional) differ(at, "ours requires it");
    flow(
      parameter.optional
        ? checker.getNonNullableType(parameter.type)
        : parameter.type,
      taker.type,
      at,
      !input,
      seen,
    );
  });
  for (const more of mine.slice(theirs.length)) {
    if (!more.optional && !more.rest)
      differ(`${path}(${more.name})`, "ours requires it");
  }
  const result = checker.getReturnTypeOfSignature(wanted);
  if (!(result.flags & Void))
    flow(
      checker.getReturnTypeOfSignature(own),
      result,
      `${path}()`,
      input,
      seen,
    );
}

/** The members of an enumeration and their values, of which ours may be an object. */
const enumerations = new Set();
function enumeration(symbol, ours, path) {
  const key = `${symbol.name} ${ours.id}`;
  if (enumerations.has(key)) return;
  enumerations.add(key);
  const prefix = `${path.split(" ")[0]} ${symbol.name}`;
  for (const own of symbol.exports.values()) {
    const at = `${prefix}.${own.name}`;
    name(symbol.name === "Errors" ? "error codes" : "constants", at);
    const has = member(ours, own.name);
    const [want, got] = [valueOf(typeOf(own)), has && valueOf(typeOf(has))];
    if (!has) differ(at, "missing");
    else if (got !== want)
      differ(
        at,
        `published ${JSON.stringify(want)}, ours ${got === undefined ? show(typeOf(has)) : JSON.stringify(got)}`,
      );
  }
}

const pending = [];
const queued = new Set();
let heading = "js";
function queue(published, ours) {
  const key = `${heading} ${published.name}`;
  if (queued.has(key)) return;
  queued.add(key);
  pending.push([heading, published, ours]);
}

/** Events that a published `on` takes: the literals of its first parameter. */
function eventsOf(method) {
  const sig = checker.getSignaturesOfType(
    typeOf(method),
    ts.SignatureKind.Call,
  )[0];
  const first = sig && parametersOf(sig)[0];
  const found = first ? parts(first.type).map(valueOf) : [];
  return found.length > 0 && found.every((v) => typeof v === "string")
    ? found
    : undefined;
}

const probes = []; // { path, event, of: "K.Meeting" instance or static, map }
function members(type, ours, path, surface, isStatic, owner) {
  for (const wanted of checker.getPropertiesOfType(type)) {
    if (
      wanted.name === "prototype" ||
      wanted.flags & ts.SymbolFlags.TypeParameter
    )
      continue;
    const at = `${path}.${wanted.name}`;
    const isMethod =
      checker.getSignaturesOfType(typeOf(wanted), ts.SignatureKind.Call)
        .length > 0;
    const events =
      isMethod && (wanted.name === "on" || wanted.name === "off")
        ? eventsOf(wanted)
        : undefined;
    name(isMethod ? `${surface} methods` : `${surface} properties`, at);
    const has = ours && member(ours, wanted.name);
    if (events) {
      for (const event of events) {
        const eventPath = `${path}["${event}"]`;
        if (wanted.name === "on") name(`${surface} events`, eventPath);
        if (has)
          probes.push({
            path: eventPath,
            event,
            owner,
            isStatic,
            call: wanted.name,
            type: surface,
          });
        else if (wanted.name === "on") differ(eventPath, "missing");
      }
      if (!has) differ(at, "missing");
      continue;
    }
    if (isMethod) optionsOf(wanted, at);
    if (!has) {
      differ(at, "missing");
      continue;
    }
    if (isMethod) noteUnoffered(has, at);
    if (isMethod) callable(typeOf(has), typeOf(wanted), at, false, new Set());
    else {
      if (isOptional(has) && !isOptional(wanted))
        differ(at, "ours may leave it out");
      flow(
        isOptional(wanted) ? nonOptional(has) : typeOf(has),
        typeOf(wanted),
        at,
        false,
      );
    }
  }
}

/** Names the options of the objects that a method or a hook takes. */
function optionsOf(method, at) {
  for (const sig of checker.getSignaturesOfType(
    typeOf(method),
    ts.SignatureKind.Call,
  )) {
    for (const parameter of parametersOf(sig)) {
      for (const part of parts(checker.getNonNullableType(parameter.type))) {
        if (
          !(part.flags & ObjectFlag) ||
          isForeign(part.symbol) ||
          part.isClassOrInterface?.()
        )
          continue;
        if (checker.getSignaturesOfType(part, ts.SignatureKind.Call).length > 0)
          continue;
        for (const option of checker.getPropertiesOfType(part))
          name("options", `${at}(${parameter.name}).${option.name}`);
      }
    }
  }
}

const F = ts.SymbolFlags;
function compareExports(which) {
  heading = which;
  const published = exportsOf(packages[which].published);
  const ours = exportsOf(packages[which].ours);
  for (const [exported, symbol] of published) {
    const path = `${which} ${exported}`;
    name("exports", path);
    const mine = ours.get(exported);
    if (symbol.flags & F.Enum) {
      if (mine && !(mine.flags & F.Type)) differ(path, "ours is no type");
      if (mine && !(mine.flags & F.Value)) differ(path, "ours is no value");
      enumeration(
        symbol,
        mine && mine.flags & F.Value ? typeOf(mine) : checker.getNeverType(),
        path,
      );
    }
    if (symbol.flags & F.Function) optionsOf(symbol, path);
    if (mine && symbol.flags & F.Function) noteUnoffered(mine, path);
    if (!mine) {
      differ(path, "missing");
      if (symbol.flags & F.Class) classes(symbol, undefined, path, exported);
      continue;
    }
    if (symbol.flags & F.Class) {
      if (!(mine.flags & F.Value)) differ(path, "ours is no value");
      if (!(mine.flags & F.Type)) differ(path, "ours is no type");
      queued.add(`${which} ${symbol.name}`);
      classes(symbol, mine, path, exported);
    } else if (symbol.flags & (F.TypeAlias | F.Interface)) {
      if (!(mine.flags & F.Type)) differ(path, "ours is no type");
      else
        flow(
          checker.getDeclaredTypeOfSymbol(symbol),
          checker.getDeclaredTypeOfSymbol(mine),
          path,
          true,
        );
    } else if (symbol.flags & F.Value && !(symbol.flags & F.Enum)) {
      if (!(mine.flags & F.Value)) differ(path, "ours is no value");
      else flow(typeOf(mine), typeOf(symbol), path, false);
    }
  }
}

function classes(symbol, mine, path, surface) {
  const owner = symbol.name;
  const statics = mine && mine.flags & F.Value ? typeOf(mine) : undefined;
  const made =
    statics &&
    checker
      .getSignaturesOfType(typeOf(symbol), ts.SignatureKind.Construct)
      .filter(
        (s) =>
          s.declaration?.kind === ts.SyntaxKind.Constructor &&
          isPublished(symbol),
      );
  members(typeOf(symbol), statics, path, surface, true, owner);
  members(
    checker.getDeclaredTypeOfSymbol(symbol),
    mine && checker.getDeclaredTypeOfSymbol(mine),
    path,
    surface,
    false,
    owner,
  );
  const own = statics
    ? checker.getSignaturesOfType(statics, ts.SignatureKind.Construct)
    : [];
  for (const wanted of made ?? []) {
    if (wanted.declaration.parent.name?.text !== symbol.name) continue; // inherited
    if (own.length === 0) differ(`${path}.constructor`, "missing");
    else
      adopt(
        own
          .map((o) =>
            attempt(() =>
              signature(o, wanted, `${path}.constructor`, false, new Set()),
            ),
          )
          .reduce((a, b) => (b.size < a.size ? b : a)),
      );
  }
}

/** Names that exist and are refused: our declaration says so in its body, or calls a function of a file that does. */
const unoffered = new Set();
function noteUnoffered(symbol, path) {
  const declaration = symbol?.declarations?.find((d) =>
    d.getSourceFile().fileName.startsWith(web),
  );
  if (
    declaration &&
    /\bnotOffered\w*\(|\bnotoffered\b/.test(declaration.getText())
  )
    unoffered.add(path);
}
const neverFires =
  /\["(media-relay|transcription|translation|character|connection|whiteboard|e2ee|agent)-/;

function compareAll() {
  differences.clear();
  names.length = 0;
  known.clear();
  queued.clear();
  enumerations.clear();
  probes.length = 0;
  ourNames = new Map([
    ...exportsOf(packages.react.ours),
    ...exportsOf(packages.js.ours),
  ]);
  for (const which of Object.keys(packages)) {
    compareExports(which);
    for (let next; (next = pending.shift());) {
      const [from, symbol, mine] = next;
      heading = from;
      classes(symbol, mine, `${from} ${symbol.name}`, symbol.name);
    }
  }
}

/** The arguments that our listeners get, as the checker types them in a call of `on`. */
function compareEvents() {
  const file = join(here, "probe.ts");
  const text = [
    `import * as K from ${JSON.stringify(packages.js.ours.replace(/\.ts$/, ".js"))};`,
  ];
  const rows = probes.map((probe) => {
    const target = probe.isStatic
      ? `K.${probe.owner}`
      : `(0 as unknown as K.${probe.owner})`;
    text.push(
      `${target}.${probe.call}(${JSON.stringify(probe.event)}, (...args) => void args);`,
    );
    return text.length - 1;
  });
  virtual.set(file, text.join("\n"));
  program = ts.createProgram([...roots, file], options, host, program);
  checker = program.getTypeChecker();
  compareAll();
  const source = program.getSourceFile(file);
  const broken = new Map();
  for (const d of program.getSemanticDiagnostics(source)) {
    const line = source.getLineAndCharacterOfPosition(d.start).line;
    // An argument list without a contextual type is the same as a name that is not taken.
    if (!broken.has(line))
      broken.set(
        line,
        ts.flattenDiagnosticMessageText(d.messageText, " ").slice(0, 90),
      );
  }
  const published = new Map();
  for (const which of Object.keys(packages)) {
    for (const [exported, symbol] of exportsOf(packages[which].published))
      published.set(`${which} ${exported}`, symbol);
  }
  probes.forEach((probe, i) => {
    const line = rows[i];
    if (broken.has(line)) {
      differ(
        probe.path,
        probe.call === "on" ? "missing" : `off: ${broken.get(line)}`,
      );
      return;
    }
    if (probe.call !== "on") return;
    const statement = source.statements[line];
    const listener = statement.expression.arguments[1];
    const args = checker.getTypeAtLocation(listener.parameters[0]);
    const got = checker.isTupleType(args) ? checker.getTypeArguments(args) : [];
    const map = published.get(
      `js ${probe.owner === "VideoSDK" ? "VideosdkEvent" : `${probe.owner}Event`}`,
    );
    const wanted =
      map &&
      checker.getPropertyOfType(
        checker.getDeclaredTypeOfSymbol(map),
        probe.event,
      );
    const sig =
      wanted &&
      checker.getSignaturesOfType(typeOf(wanted), ts.SignatureKind.Call)[0];
    if (!sig || !probe.path.startsWith("js ")) return;
    heading = "js";
    parametersOf(sig).forEach((parameter, n) => {
      if (!got[n]) differ(`${probe.path}(${parameter.name})`, "missing");
      else
        flow(got[n], parameter.type, `${probe.path}(${parameter.name})`, false);
    });
  });
}

compareAll();
compareEvents();

const state = (path) => {
  const own = differences.get(path);
  if (own === "missing") return "missing";
  for (const at of differences.keys()) {
    if (at === path || (at.startsWith(path) && "(.[".includes(at[path.length])))
      return "differs";
  }
  return "same";
};
// An export or a member whose own members differ is counted by those.
const inner = new Set(names.map((n) => n.path));
const owns = (path) =>
  [...inner].some(
    (other) =>
      other !== path &&
      other.startsWith(path) &&
      "(.[".includes(other[path.length]),
  );
for (const entry of names) {
  const at = state(entry.path);
  entry.state =
    at === "differs" &&
    !differences.has(entry.path) &&
    entry.surface === "exports" &&
    owns(entry.path)
      ? "same"
      : at;
}
const parentMissing = (path) => {
  const up = path.replace(/(\.[^.(["]+|\([^()]*\)(\.\w+)?|\["[^"]*"\])$/, "");
  return (
    up !== path &&
    up.includes(" ") &&
    (differences.get(up) === "missing" || parentMissing(up))
  );
};
for (const entry of names) {
  if (parentMissing(entry.path)) entry.state = "missing";
  else if (unoffered.has(entry.path) || neverFires.test(entry.path))
    entry.state = "refused";
}
process.stdout.write(
  JSON.stringify({
    names,
    differences: [...differences]
      .filter(([path]) => !parentMissing(path))
      .map(([path, text]) => `${path}: ${text}`)
      .toSorted(),
  }),
);
