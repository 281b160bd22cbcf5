import { beforeEach, expect, test, vi } from "vitest";
import { Refused, Server, Unreachable } from "../../src/conversation/server";
import { pass, useFreshBrowser } from "../support/page";
import { APOLOGY, type Fault, ORIGIN, StandIn } from "../support/server";

useFreshBrowser();

let there: StandIn;
let token: string;
const server = new Server(ORIGIN);

beforeEach(() => {
  there = new StandIn();
  token = there.begin();
});

async function errorOf(fault: Fault): Promise<unknown> {
  there.fail("POST /messages", fault);
  return server.send(token, "id", "slaap", false).catch((error: unknown) => error);
}

test("a message goes with its id, its text, whether it was chosen, and the token", async () => {
  const message = await server.send(token, "id-1", "slaap", true);
  expect(message).toMatchObject({ id: "id-1", number: 1, text: "slaap" });
  expect(there.sent).toMatchObject([{ id: "id-1", text: "slaap", chosen: true, token }]);
});

test("each route is asked at its own address, also where the origin ends in slashes", async () => {
  const other = new Server("https://kalm.example//");
  expect((await other.configuration()).greeting).toBe("Hoi, ik ben Kalm.");
  const session = await other.start("consent-1");
  await other.send(session.token, "id", "slaap", false);
  expect((await other.history(session.token, 0)).messages).toHaveLength(1);
  await expect(other.judge(session.token, 1, true, "")).resolves.toBeUndefined();
  expect(await other.erase(session.token)).toBe("W-1234");
});

test("no cookie goes along, and a header with JSON only where there is some", async () => {
  const fetched = vi.spyOn(globalThis, "fetch");
  await server.configuration();
  await server.send(token, "id", "slaap", false);
  const [[, get], [, post]] = fetched.mock.calls as [unknown, RequestInit][] as [
    [0, RequestInit],
    [0, RequestInit],
  ];
  expect([get.credentials, post.credentials]).toEqual(["omit", "omit"]);
  expect(get.headers).toEqual({});
  expect(post.headers).toEqual({ "Content-Type": "application/json", Authorization: `Bearer ${token}` });
});

test("a refusal has its code, its words, the reply and the seconds to wait", async () => {
  const wait = await errorOf({ status: 429, code: "limit", message: "Even wachten.", wait: 30 });
  expect(wait).toBeInstanceOf(Refused);
  expect(wait).toMatchObject({ code: "limit", message: "Even wachten.", reply: null, wait: 30 });
  const apology = await errorOf({ status: 503, code: "unavailable", reply: APOLOGY });
  expect(apology).toMatchObject({ code: "unavailable", reply: APOLOGY, wait: 0 });
});

test.each<Fault>(["no network", "html"])("'%s' is no word of Kalm", async (fault) => {
  expect(await errorOf(fault)).toBeInstanceOf(Unreachable);
});

test.each([[null], [{}], [{ error: "Not found" }], [{ error: { code: 404, message: "Not found" } }]])(
  "JSON in another shape is no word of Kalm: %j",
  async (body) => {
    vi.stubGlobal("fetch", async () => ({
      ok: false,
      status: 404,
      json: async () => body,
      headers: new Headers(),
    }));
    const error = await server.configuration().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Unreachable);
    expect((error as Error).message).toContain("status 404");
  },
);

test("a server that says nothing counts as unreachable after fifteen seconds, not earlier", async () => {
  let error: unknown = null;
  void errorOf("silent").then((given) => {
    error = given;
  });
  await pass(14_999);
  expect(error).toBeNull();
  await pass(1);
  expect(error).toBeInstanceOf(Unreachable);
});

test("a server that did answer leaves no timer behind", async () => {
  await server.configuration();
  expect(vi.getTimerCount()).toBe(0);
});
