import { gzipSync } from "node:zlib";
import request from "supertest";
import { createBareApp } from "../../support/bare-app.ts";
import { validToken } from "../../support/tokens.ts";

const app = createBareApp();
const bearer = { Authorization: `Bearer ${validToken()}` };
const post = (): request.Test => request(app).post("/v1/contexts").set(bearer);

describe("a JSON body", () => {
  it.each([
    ["text that is not JSON", "{"],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ["a lone surrogate", String.raw`{"name":"\ud800"}`],
    ["50 000 open brackets", "[".repeat(50_000)],
  ])("is refused when it is %s", async (_, body) => {
    const call = post().set("Content-Type", "application/json");
    call.write(body);
    const answer = await call.expect(400);
    expect(answer.body.code).toBe("invalid_json");
  });

  it.each([
    ["an array", "[]"],
    ["a string", '"x"'],
  ])("is refused when it is %s instead of an object", async (_, body) => {
    const answer = await post().type("json").send(body).expect(422);
    expect(answer.body.code).toBe("invalid_field");
  });

  it("is required", async () => {
    await post().expect(400);
    await post().type("json").send("").expect(400);
    await post()
      .type("json")
      .send("null")
      .expect((answer) => expect([400, 422]).toContain(answer.status));
  });

  it.each(["__proto__", String.raw`\u005f_proto__`])("cannot set a prototype (%s)", async (key) => {
    const answer = await post().type("json").send(`{"${key}":{"name":"x"}}`).expect(400);
    expect(answer.body).toMatchObject({ code: "bad_request", errors: [{ field: "__proto__" }] });
    await post().type("json").send('{"constructor":{"name":"x"},"name":"x"}').expect(400);
  });

  it.each([
    ["no Content-Type", undefined],
    ["a form", "application/x-www-form-urlencoded"],
    ["plain text", "text/plain"],
    ["another charset", "application/json; charset=latin1"],
    ["another kind of JSON", "application/merge-patch+json"],
  ])("is refused with %s instead of application/json", async (_, type) => {
    const call = post();
    if (type !== undefined) call.set("Content-Type", type);
    call.write('{"name":"x"}');
    const answer = await call.expect(415);
    expect(answer.body.code).toBe("unsupported_media_type");
  });

  it("is refused with a Content-Encoding", async () => {
    const call = post().type("json").set("Content-Encoding", "gzip");
    call.write(gzipSync('{"name":"x"}'));
    await call.expect(415);
  });

  it.each([
    "application/json",
    "Application/JSON; Charset=UTF-8",
    'application/json;charset="utf-8"',
  ])("is accepted as %s", async (type) => {
    await post().set("Content-Type", type).send('{"colour":"x"}').expect(400);
  });

  it("is refused when it is too long, announced or not", async () => {
    const long = JSON.stringify({ name: "x".repeat(200_000) });
    const announced = await post().type("json").send(long).expect(413);
    expect(announced.body.code).toBe("payload_too_large");
    const call = post().type("json").set("Transfer-Encoding", "chunked");
    call.write(long);
    await call.expect(413);
  });

  it("is refused early when it is far too long, and the client sees the response", async () => {
    const answer = await post()
      .type("json")
      .send(`"${"x".repeat(900_000)}"`);
    expect(answer.status).toBe(413);
  });
});
