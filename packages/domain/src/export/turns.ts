/** The last turn there is: the lowest priority that BullMQ knows. From there on jobs run in the order they came. */
export const LAST_TURN = 2_097_151;

/**
 * The turn of a new job: jobs are started in the order of their turns, and those of one turn in the order they came.
 *
 * One more than the tenant's last, so that a tenant's own jobs stay in order and each of its jobs is a turn behind the one before;
 * and one more than what has begun, so that a newcomer goes before the second job of those who wait and not before the first.
 * Nothing starves: once a turn has begun, no job can be added to it or before it.
 *
 * @param begun the latest turn of which a job was started.
 * @param ofTenant the last turn among the tenant's unfinished jobs; 0 when it has none.
 */
export function nextTurn(begun: number, ofTenant: number): number {
  return Math.min(Math.max(begun, ofTenant) + 1, LAST_TURN);
}
