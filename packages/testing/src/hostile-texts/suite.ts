import fc from "fast-check";
import { anyAttack, ATTACKS } from "./attacks.ts";
import { createVictim, type Targets, type Victim } from "./victim.ts";

const RANDOM_ATTACKS = 20;

/**
 * Attacks each target with texts of 64 KiB, in a process that is killed when one takes longer than 2 s.
 *
 * @param modulePath the module of `targets`, which the process imports.
 */
export function describeHostileTexts(targets: Targets, modulePath: string): void {
  let victim: Victim;
  beforeAll(() => {
    victim = createVictim(modulePath);
  });
  afterAll(() => victim.close());

  it.each(Object.keys(targets))("do not freeze %s", async (target) => {
    await victim.attack(target, [...ATTACKS, ...fc.sample(anyAttack, RANDOM_ATTACKS)]);
  });
}
