import { expect, it } from "vitest";
import { loadPersonTexts, personText } from "./person";

it("has a text for every fault, also before the texts are loaded", () => {
  expect(personText({ code: 4002, reason: "EXPIRED" }).what).toBe("Something did not work.");
});

it("returns the text of the reason, else of the code, and counts targets from 1", async () => {
  await loadPersonTexts();
  const { what, todo } = personText({ code: 4002, reason: "EXPIRED" });
  expect([what, todo]).toEqual(["This link has expired.", "Ask the host for a new link."]);
  expect(personText({ code: 4002, reason: "OF_A_NEWER_SERVER" }).what).toBe("This link does not work.");
  expect(personText({ code: 9999, reason: "X" }).what).toBe("Something did not work.");
  const lost = { code: 5002, reason: "OUTPUT_LOST" };
  expect(personText({ ...lost, details: { output: 0 } }).what).toBe("Target 1 of the livestream was lost.");
  expect(personText(lost).what).toBe("Target of the livestream was lost.");
});
