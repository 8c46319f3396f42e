import type { MeetingCallbacks } from "@klatch/react";
import { useCallback, useState } from "react";

type Fault = Parameters<NonNullable<MeetingCallbacks["onError"]>>[0];

/** Collects the faults of the meeting: each has happened once, whichever call it belongs to. */
export function useProblems() {
  const [problems, setProblems] = useState<Fault[]>([]);
  const onError = useCallback((fault: Fault) => setProblems((before) => [...before, fault]), []);
  const dismiss = useCallback((id: string) => setProblems((before) => before.filter((fault) => fault.id !== id)), []);
  return { problems, onError, dismiss };
}

export function Problems({ problems, onDismiss }: { problems: Fault[]; onDismiss: (id: string) => void }) {
  return (
    <ul id="problems" role="alert">
      {problems.map(({ id, code, reason, detail, remedy }) => (
        <li key={id}>
          {detail} {remedy}{" "}
          <small>
            {code} {reason} {id}
          </small>
          <button onClick={() => onDismiss(id)}>Close</button>
        </li>
      ))}
    </ul>
  );
}
