import type { Fault } from "./fault.js";

/**
 * What a look has found: the fault that would tell it, given for how long it has been found; undefined where all is
 * well; "unknown" where nothing can be said, so that nothing changes.
 */
export type Found = ((forMs: number) => Fault) | undefined | "unknown";

/** A condition of this client with which no call fails. Times in milliseconds. */
export interface Diagnosis {
  /** How often it looks. */
  readonly every: number;
  /** For how long it must be found, at each look, before it is told: the `condition` of its reason in the catalogue. */
  readonly after: number;
  /** For how long it must not be found until it is over; default: at the first such look. */
  readonly until?: number;
  look(): Found | Promise<Found>;
  /** Frees what it holds. */
  close?(): void;
}

export interface DiagnosesOwner {
  fault(fault: Fault): void;
  /** What a fault told is over, after so long. */
  cleared(fault: Fault, forMs: number): void;
}

interface Course {
  readonly diagnosis: Diagnosis;
  lookedAt: number;
  busy: boolean;
  /** For how long it has been found; undefined while it is not. */
  foundMs: number | undefined;
  goneMs: number;
  told: { readonly fault: Fault; readonly since: number } | undefined;
}

const TICK_MS = 500;

/** Diagnoses looks at each of its diagnoses, tells it once when it has lasted, and once more when it is over. */
export class Diagnoses {
  readonly #owner: DiagnosesOwner;
  readonly #courses: readonly Course[];
  readonly #timer: ReturnType<typeof setInterval>;
  #closed = false;

  constructor(owner: DiagnosesOwner, diagnoses: readonly Diagnosis[]) {
    this.#owner = owner;
    this.#courses = diagnoses.map((diagnosis) => ({
      diagnosis,
      lookedAt: Date.now(),
      busy: false,
      foundMs: undefined,
      goneMs: 0,
      told: undefined,
    }));
    this.#timer = setInterval(() => {
      for (const course of this.#courses) void this.#look(course);
    }, TICK_MS);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const { diagnosis } of this.#courses) diagnosis.close?.();
  }

  async #look(course: Course): Promise<void> {
    const { every, after, until = 0 } = course.diagnosis;
    // A timer may be a little early. One that is late, because the page slept, counts as if it were not.
    const passed = Math.abs(Date.now() - course.lookedAt);
    if (course.busy || passed < every - TICK_MS / 2) return;
    const counted = Math.min(passed, 2 * every);
    course.busy = true;
    course.lookedAt = Date.now();
    const found = await this.#ask(course.diagnosis);
    course.busy = false;
    if (this.#closed || found === "unknown") return;
    if (found) {
      course.goneMs = 0;
      course.foundMs = course.foundMs === undefined ? 0 : course.foundMs + counted;
      if (course.told || course.foundMs < after) return;
      const fault = found(course.foundMs);
      course.told = { fault, since: Date.now() };
      return this.#owner.fault(fault);
    }
    course.foundMs = undefined;
    course.goneMs += counted;
    if (!course.told || course.goneMs < until) return;
    const { fault, since } = course.told;
    course.told = undefined;
    this.#owner.cleared(fault, Date.now() - since);
  }

  /** A browser that does not answer what a look asks for says nothing of it. */
  async #ask(diagnosis: Diagnosis): Promise<Found> {
    try {
      return await diagnosis.look();
    } catch {
      return "unknown";
    }
  }
}
