import { gzipSync } from "node:zlib";
import request from "supertest";
import { createBareApp } from "../../support/http-app.ts";
import { validToken } from "../../support/tokens.ts";

const app = createBareApp();
const bearer = { Authorization: `Bearer ${validToken()}` };
const post = (): request.Test => request(app).post("/v1/contexts").set(bearer);

describe("a JSON body", () => {
  it.each([
    ["text that is no JSON", "{"],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ["half a surrogate pair", String.raw`{"name":"\ud800"}`],
    ["brackets without end", "[".repeat(50_000)],
  ])("must be JSON in UTF-8: %s", async (_, body) => {
    const call = post().set("Content-Type", "application/json");
    call.write(body);
    const answer = await call.expect(400);
    expect(answer.body.code).toBe("invalid_json");
  });

  it.each([
    ["an array", "[]"],
    ["a text", '"x"'],
  ])("must be an object: %s", async (_, body) => {
    const answer = await post().type("json").send(body).expect(422);
    expect(answer.body.code).toBe("invalid_field");
  });

  it("must be there", async () => {
    await post().expect(400);
    await post().type("json").send("").expect(400);
    await post()
      .type("json")
      .send("null")
      .expect((answer) => expect([400, 422]).toContain(answer.status));
  });

  it.each(["__proto__", String.raw`\u005f_proto__`])(
    "must not set a prototype (%s)",
    async (key) => {
      const answer = await post().type("json").send(`{"${key}":{"name":"x"}}`).expect(400);
      expect(answer.body).toMatchObject({ code: "bad_request", errors: [{ field: "__proto__" }] });
      await post().type("json").send('{"constructor":{"name":"x"},"name":"x"}').expect(400);
    },
  );

  it.each([
    ["no type", undefined],
    ["a form", "application/x-www-form-urlencoded"],
    ["plain text", "text/plain"],
    ["another charset", "application/json; charset=latin1"],
    ["another kind of JSON", "application/merge-patch+json"],
  ])("must be called application/json: %s", async (_, type) => {
    const call = post();
    if (type !== undefined) call.set("Content-Type", type);
    call.write('{"name":"x"}');
    const answer = await call.expect(415);
    expect(answer.body.code).toBe("unsupported_media_type");
  });

  it("must not be compressed", async () => {
    const call = post().type("json").set("Content-Encoding", "gzip");
    call.write(gzipSync('{"name":"x"}'));
    await call.expect(415);
  });

  it.each([
    "application/json",
    "Application/JSON; Charset=UTF-8",
    'application/json;charset="utf-8"',
  ])("may be called %s", async (type) => {
    await post().set("Content-Type", type).send('{"colour":"x"}').expect(400);
  });

  it("must not be long, whether it says so or not", async () => {
    const long = JSON.stringify({ name: "x".repeat(200_000) });
    const told = await post().type("json").send(long).expect(413);
    expect(told.body.code).toBe("payload_too_large");
    const call = post().type("json").set("Transfer-Encoding", "chunked");
    call.write(long);
    await call.expect(413);
  });

  it("that is far too long is refused in time, and the caller sees it", async () => {
    const answer = await post()
      .type("json")
      .send(`"${"x".repeat(900_000)}"`);
    expect(answer.status).toBe(413);
  });
});
