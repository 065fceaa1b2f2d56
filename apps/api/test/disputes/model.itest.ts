import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { aFile, balance, upload } from "../support/evidence.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

type Event = Readonly<
  Record<"type" | "from" | "to" | "actor" | "at" | "note" | "evidenceId", string>
>;

/** Computes the dispute from its history alone. */
function replay(events: readonly Event[]): Readonly<Record<string, unknown>> {
  const seen: Record<string, unknown> = { version: events.length, evidence: [] };
  for (const { type, from, to, actor, at, note, evidenceId } of events) {
    if (from !== undefined) expect(from).toBe(seen["state"]);
    if (to !== undefined) seen["state"] = to;
    if (type === "created") Object.assign(seen, { createdAt: at, openedBy: actor });
    if (type === "opened" || (type === "created" && to === "OPEN"))
      Object.assign(seen, { openedBy: actor, openedAt: at });
    if (type === "evidence-added") (seen["evidence"] as unknown[]).push([evidenceId, actor, at]);
    if (type === "closed") Object.assign(seen, { resolution: note, closedBy: actor, closedAt: at });
    if (type === "reopened") {
      Object.assign(seen, { reopenReason: note });
      for (const gone of ["resolution", "closedBy", "closedAt"]) delete seen[gone];
    }
    seen["updatedAt"] = at;
  }
  return seen;
}

/** The states of docs/api.md §4, written independently of the domain's table. */
const NEXT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DRAFT: { update: "DRAFT", open: "OPEN" },
  OPEN: { ask: "PENDING_EVIDENCE", url: "OPEN", file: "OPEN", win: "WON", lose: "LOST" },
  PENDING_EVIDENCE: { url: "OPEN", file: "OPEN", win: "WON", lose: "LOST" },
  WON: {},
  LOST: { reopen: "OPEN" },
};

const ACTIONS = ["update", "open", "ask", "url", "file", "win", "lose", "reopen"] as const;
type Action = (typeof ACTIONS)[number];
type Step = {
  readonly action: Action;
  readonly actor: string;
  readonly text: string;
  readonly stale: boolean;
};

const steps = fc.array(
  fc.record<Step>({
    action: fc.constantFrom(...ACTIONS),
    actor: fc.constantFrom("ann", "bob", "cyd"),
    text: fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
      .filter((s) => s.trim() !== "" && !s.includes("\0")),
    stale: fc.nat(9).map((n) => n === 0),
  }),
  { minLength: 4, maxLength: 14 },
);

const send = (
  id: string,
  { action, actor, text }: Step,
  ifMatch: string,
): PromiseLike<{ status: number }> => {
  const path = `/v1/disputes/${id}`;
  if (action === "file") {
    const file = aFile("text/csv", 1_500);
    return upload(suite.tenant, id, file, { headers: { "If-Match": ifMatch } });
  }
  const [method, suffix, body] = (
    {
      // Always a new text: an update that changes nothing makes no version.
      update: ["patch", "", { description: `${text} ${randomUUID()}` }],
      open: ["post", "/open", undefined],
      ask: ["post", "/request-evidence", { note: text }],
      url: ["post", "/evidence", { comment: text, fileUrl: "https://a/b" }],
      win: ["post", "/close", { won: true, resolution: text }],
      lose: ["post", "/close", { won: false, resolution: text }],
      reopen: ["post", "/reopen", { reason: text }],
    } as const
  )[action];
  return suite.tenant.send(method, path + suffix, body, actor).set("If-Match", ifMatch);
};

/** Checks that the dispute, its history and its audit trail agree, and returns the dispute. */
const expectConsistent = async (id: string): Promise<{ state: string; version: number }> => {
  const [{ body: dispute }, history, audit] = await Promise.all([
    suite.tenant.getDispute(id),
    suite.tenant.history(id),
    suite.tenant.audit(`/v1/disputes/${id}`),
  ]);
  const replayed = replay(history as unknown as readonly Event[]);
  const { evidence, ...rest } = dispute;
  const { evidence: wanted, ...fields } = replayed;
  expect(rest).toMatchObject(fields);
  expect(
    evidence.map((e: Record<string, string>) => [e["id"], e["submittedBy"], e["submittedAt"]]),
  ).toEqual(wanted);
  for (const field of ["resolution", "closedBy", "closedAt", "reopenReason", "openedAt"])
    expect([field, dispute[field]]).toEqual([field, replayed[field]]);
  expect(audit.map(({ action, actor }) => [action, actor])).toEqual(
    history.map(({ type, to, actor }) => {
      const event = type === "closed" ? String(to).toLowerCase() : String(type);
      return [`dispute.${event}`, actor];
    }),
  );
  const times = history.map(({ at }) => String(at));
  expect(new Set(times).size).toBe(times.length);
  expect(times).toEqual(times.toSorted());
  return dispute;
};

describe("any sequence of actions by several people", () => {
  it("follows the state table, and replaying the history gives the dispute after every step", async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), steps, async (draft, sequence) => {
        const { id } = await suite.tenant.createDispute({ draft });
        let { state, version } = await expectConsistent(id);
        for (const step of sequence) {
          const { status } = await send(id, step, step.stale ? '"0"' : `"${version}"`);
          const to = NEXT[state]?.[step.action];
          const ok = step.action === "file" ? 201 : 200;
          expect([state, step, status]).toEqual([
            state,
            step,
            step.stale ? 412 : to === undefined ? 409 : ok,
          ]);
          const done = status === ok;
          const now = await expectConsistent(id);
          expect(now).toMatchObject({
            state: done ? to : state,
            version: done ? version + 1 : version,
          });
          ({ state, version } = now);
        }
      }),
      { numRuns: 25 },
    );
    expect(await balance(suite.tenant)).toMatchObject({
      rowsWithoutObject: 0,
      objectsWithoutRow: 0,
      uncommitted: 0,
    });
  });

  it("leaves dispute, history and audit trail consistent when all act at once", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const { id } = await suite.tenant.createDispute();
        const answers = await Promise.all(sequence.map((step) => send(id, step, "*")));
        const done = answers.filter(({ status }) => status < 300).length;
        for (const { status } of answers) expect([200, 201, 409]).toContain(status);
        expect(await expectConsistent(id)).toMatchObject({ version: done + 1 });
      }),
      { numRuns: 20 },
    );
    expect(await balance(suite.tenant)).toMatchObject({
      rowsWithoutObject: 0,
      objectsWithoutRow: 0,
      uncommitted: 0,
    });
  });
});
