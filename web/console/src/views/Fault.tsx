import { get, identity, seg } from "../api/client";
import { onEvent } from "../api/events";
import { useLoad } from "../api/load";
import type { FaultDetail } from "../api/types";
import { Time } from "../parts/Time";
import { Loaded, View } from "../parts/View";
import { route } from "../route";
import { FaultBody } from "./FaultBody";
import { useEffect } from "preact/hooks";

/** Where a fault is read: the operator's faults are those of all accounts. */
export function faultPath(id: string): string {
  return `${identity.value?.role === "developer" ? "/v2" : "/admin/v1"}/faults/${seg(id)}`;
}

/** One fault, at an address that can be pasted into a ticket. */
export function Fault() {
  const id = route.value.path[1] ?? "";
  const load = useLoad<FaultDetail>(id, (signal) => get(faultPath(id), {}, signal));
  useEffect(() => onEvent((e) => e.name === "fault-cleared" && e.data["id"] === id && load.reload()), [id]);
  const fault = load.value;
  return (
    <View
      title={fault === undefined ? "Fault" : `${fault.code} ${fault.reason}`}
      lead={fault && <Time at={fault.at} ago />}
      testid="fault-view"
    >
      <Loaded load={load}>{(f) => <FaultBody fault={f} />}</Loaded>
    </View>
  );
}
