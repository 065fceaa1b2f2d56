/** The tenant that owns everything a benchmark creates. */
export const TENANT = "01980000-d0c7-7000-8000-0000000000be";
