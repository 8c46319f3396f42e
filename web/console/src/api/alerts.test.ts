import { describe, expect, it } from "vitest";
import { configOf } from "../views/AlertRuleForm";
import { conditionText, type Incident, valueText } from "./alerts";

describe("conditionText", () => {
  it.each([
    [{ query: { metric: "jitter" }, condition: { operator: ">", threshold: 30.125 } }, "jitter above 30.13 in 300 s"],
    [
      {
        query: { metric: "faults", code: 4009, reason: "LIMIT", roomId: "abcd-efgh-ijkl" },
        condition: { operator: "!=", threshold: 0 },
        evaluation: { windowSeconds: 60, forSeconds: 30 },
      },
      "faults 4009 LIMIT of abcd-efgh-ijkl other than 0 in 60 s for 30 s",
    ],
  ])("of %j", (config, text) => expect(conditionText(config)).toBe(text));
});

describe("valueText", () => {
  const incident = { operator: "<", threshold: 5, unit: "", value: 3.456 } as Incident;
  it("has value and limit", () => expect(valueText(incident)).toBe("3.46 (below 5)"));
  it("has the unit", () => expect(valueText({ ...incident, unit: "ms" })).toBe("3.46 (below 5 ms)"));
  it("says that there was none", () => expect(valueText({ ...incident, value: null })).toBe("no values (below 5)"));
});

describe("configOf", () => {
  const fields = {
    name: "",
    severity: "info",
    summary: "",
    metric: "faults",
    code: "4009",
    reason: " LIMIT ",
    roomId: "",
    operator: ">",
    threshold: "2.5",
    windowSeconds: "60",
    forSeconds: "0",
    resolveAfterSeconds: "0",
    absent: false,
    channels: [],
  } as const;
  const before = {
    query: { metric: "faults" },
    condition: { operator: ">", threshold: 0 },
    labels: { team: "video" },
    reduceTo: "max",
  };
  it("narrows what counts faults", () =>
    expect(configOf(fields, undefined, ["code"])).toEqual({
      query: { metric: "faults", code: 4009, reason: "LIMIT" },
      condition: { operator: ">", threshold: 2.5 },
      evaluation: { windowSeconds: 60, forSeconds: 0, resolveAfterSeconds: 0 },
    }));
  it("keeps what the form does not show", () =>
    expect(configOf(fields, before, ["code"])).toMatchObject({ labels: { team: "video" }, reduceTo: "max" }));
  it("keeps nothing of another metric but the labels", () => {
    const config = configOf({ ...fields, metric: "jitter", absent: true }, before, []);
    expect(config).toMatchObject({ query: { metric: "jitter" }, labels: { team: "video" } });
    expect(config.query).toEqual({ metric: "jitter" });
    expect(config.reduceTo).toBeUndefined();
    expect(config.absentDataAlert).toEqual({ enabled: true });
  });
});
