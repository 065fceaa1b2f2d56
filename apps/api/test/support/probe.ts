import type { RequestListener } from "node:http";
import request from "supertest";

/** Past the token and the permission, an unknown query parameter is the first thing refused. */
export const PROBE = "/v1/contexts?probe=1";
export const PASSED = 400;

/** Asks `app` with `token`. */
export const probe = (app: RequestListener, token?: string): request.Test => {
  const asked = request(app).get(PROBE);
  return token === undefined ? asked : asked.set("Authorization", `Bearer ${token}`);
};
