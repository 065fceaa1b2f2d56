import { randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import request from "supertest";
import { validToken, type Claims } from "./tokens.ts";

/** Sends requests with one token. */
export type Caller = {
  readonly tenantId: string;
  readonly get: (path: string) => request.Test;
  readonly post: (path: string, body?: object) => request.Test;
  readonly patch: (path: string, body: object) => request.Test;
  readonly delete: (path: string) => request.Test;
  /** Creates a context and returns its ID. */
  readonly aContext: (name?: string) => Promise<string>;
  /** Creates a source and returns its ID. */
  readonly aSource: (contextId: string, name?: string) => Promise<string>;
};

/** A caller with all permissions, of a new tenant unless `claims` says otherwise. */
export function createCaller(app: RequestListener, claims: Claims = {}): Caller {
  const tenantId = (claims["tenant_id"] as string | undefined) ?? randomUUID();
  const bearer = { Authorization: `Bearer ${validToken({ tenant_id: tenantId, ...claims })}` };
  const post = (path: string, body?: object): request.Test =>
    request(app).post(path).set(bearer).send(body);
  const create = async (path: string, body: object): Promise<string> => {
    const response = await post(path, body).expect(201);
    return response.body.id as string;
  };
  return {
    tenantId,
    get: (path) => request(app).get(path).set(bearer),
    post,
    patch: (path, body) => request(app).patch(path).set(bearer).send(body),
    delete: (path) => request(app).delete(path).set(bearer),
    aContext: (name = randomUUID()) => create("/v1/contexts", { name }),
    aSource: (contextId, name = randomUUID()) =>
      create(`/v1/contexts/${contextId}/sources`, { name, type: "BANK", side: "LEFT" }),
  };
}
