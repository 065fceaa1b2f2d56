/** Holds what the OS user `postgres` must be able to reach. Only root may write to it. */
export const SYSTEM_DIRECTORY = "/var/lib/docket";
