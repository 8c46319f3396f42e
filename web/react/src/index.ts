export * from "@klatch/sdk";
