import { defineLifecycle } from "../src/lifecycle.ts";

const door = defineLifecycle<"OPEN" | "CLOSED" | "GONE", "knock" | "open" | "close" | "destroy">({
  OPEN: { close: ["CLOSED"], destroy: ["GONE"] },
  CLOSED: { knock: ["CLOSED", "OPEN"], open: ["OPEN"], destroy: ["GONE"] },
  GONE: { knock: ["GONE"] },
});

describe("a lifecycle", () => {
  it("lists the actions that a state allows", () => {
    expect(door.allowed("OPEN")).toEqual(["close", "destroy"]);
  });

  it("finds the states that an action leads to", () => {
    expect(door.next("CLOSED", "knock")).toEqual(["CLOSED", "OPEN"]);
    expect(door.next("OPEN", "open")).toEqual([]);
  });

  it("finds the states that allow an action", () => {
    expect(door.statesAllowing("destroy")).toEqual(["OPEN", "CLOSED"]);
    expect(door.statesAllowing("open")).toEqual(["CLOSED"]);
  });

  it("finds every state that an action may lead to, each once", () => {
    expect(door.targetsOf("destroy")).toEqual(["GONE"]);
    expect(door.targetsOf("knock")).toEqual(["OPEN", "CLOSED", "GONE"]);
  });

  it("treats a state as final if its actions lead only to itself", () => {
    expect(door.states.filter(door.isFinal)).toEqual(["GONE"]);
  });
});
