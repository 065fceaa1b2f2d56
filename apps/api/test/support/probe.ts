import type { RequestListener } from "node:http";
import request from "supertest";

/** A request that is refused with 400 once its token and permission have been accepted. */
export const PROBE = "/v1/contexts?probe=1";
export const PASSED = 400;

/** Sends the request with `token`. */
export const probe = (app: RequestListener, token?: string): request.Test => {
  const asked = request(app).get(PROBE);
  return token === undefined ? asked : asked.set("Authorization", `Bearer ${token}`);
};
