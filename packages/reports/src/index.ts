export { framings } from "./formats/framing.ts";
export { reportQuery } from "./query.ts";
