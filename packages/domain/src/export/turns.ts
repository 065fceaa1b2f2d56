/**
 * The highest turn, which is the lowest priority that BullMQ accepts. Jobs that reach it run in order of creation.
 */
export const LAST_TURN = 2_097_151;
