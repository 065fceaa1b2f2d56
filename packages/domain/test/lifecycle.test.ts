import { exportLifecycle, type ExportStatus } from "../src/index.ts";

describe("the lifecycle of an export job", () => {
  const edges = exportLifecycle.states.flatMap((from) =>
    exportLifecycle
      .allowed(from)
      .flatMap((action) =>
        exportLifecycle.next(from, action).map((to) => `${from} -${action}-> ${to}`),
      ),
  );

  it("is the contract's graph", () => {
    expect(edges).toEqual([
      "QUEUED -claim-> RUNNING",
      "QUEUED -cancel-> CANCELED",
      "QUEUED -fail-> FAILED",
      "RUNNING -claim-> RUNNING",
      "RUNNING -succeed-> SUCCEEDED",
      "RUNNING -retry-> QUEUED",
      "RUNNING -hand-back-> QUEUED",
      "RUNNING -fail-> FAILED",
      "RUNNING -cancel-> CANCELED",
      "SUCCEEDED -expire-> EXPIRED",
      "CANCELED -cancel-> CANCELED",
    ]);
  });

  it("reaches every state from QUEUED", () => {
    const reached = new Set<ExportStatus>(["QUEUED"]);
    for (const from of reached)
      for (const action of exportLifecycle.allowed(from))
        for (const to of exportLifecycle.next(from, action)) reached.add(to);
    expect([...reached].toSorted()).toEqual(exportLifecycle.states.toSorted());
  });

  it("ends in FAILED, CANCELED and EXPIRED", () => {
    expect(exportLifecycle.states.filter(exportLifecycle.isFinal)).toEqual([
      "FAILED",
      "CANCELED",
      "EXPIRED",
    ]);
  });
});
