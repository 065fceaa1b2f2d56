export { ensureDemoCases } from "./cases.ts";
export { createRandom, type Random } from "./random.ts";
export { DEMO_SUBJECT, DEMO_TENANT, ensureDemoTenant } from "./tenant.ts";
