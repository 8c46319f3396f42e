export { follow } from "./follow";
export { nameOr, snapshot, streamKinds, type Snapshot } from "./snapshot";
export { type Change, type Egress, egressOf, emptyView, noEgress, reduceView, type View, viewOf } from "./view";
