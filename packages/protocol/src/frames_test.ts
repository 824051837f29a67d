import {
  makeMesh,
  memberOf,
  messageIdOf,
  mutatedJson,
  mutatedText,
  outcomeOf,
  seededDraw
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { readFileSync } from "node:fs"
import {
  type BrokerFrame,
  BrokerFrame as BrokerFrames,
  closeCodes,
  DeviceFrame as DeviceFrames,
  readBrokerFrame,
  readDeviceFrame,
  refOf,
  writeFrame
} from "./frames.ts"

const mesh = makeMesh("frames", ["ada"])
const { device } = memberOf(mesh, "ada")

interface Recorded {
  readonly to: "broker" | "device"
  readonly frame: Parameters<typeof mutatedJson>[0]
}

const recorded: ReadonlyArray<Recorded> = readFileSync(
  new URL("../testdata/cm1.ndjson", import.meta.url),
  "utf8"
).trimEnd().split("\n").map((line) => JSON.parse(line))

describe("readDeviceFrame and readBrokerFrame", () => {
  it.each(recorded.map(({ frame, to }) => [to, typeOf(frame), frame] as const))(
    "read for ever what was recorded of version 1: to the %s, %s",
    (to, _, frame) => {
      const read = readerOf(to)(JSON.stringify(frame))

      assert.deepStrictEqual<unknown>(read, Result.succeed(frame))
    }
  )

  it("have every type of frame in the recording", () => {
    const types = Map.groupBy(recorded, ({ to }) => to)
    const [device, broker] = [types.get("broker"), types.get("device")].map((lines) =>
      lines?.map(({ frame }) => typeOf(frame))
    )

    assert.sameMembers([...new Set(device)], Object.keys(DeviceFrames.cases))
    assert.sameMembers([...new Set(broker)], Object.keys(BrokerFrames.cases))
  })

  it("read what writeFrame wrote", () => {
    const frame: BrokerFrame = { type: "admitted", ref: 1, id: messageIdOf(1) }

    assert.deepStrictEqual(readBrokerFrame(writeFrame(frame)), Result.succeed(frame))
  })

  it.each([
    ["nothing", ""],
    ["no JSON", "hello"],
    ["no object", "[]"],
    ["null", "null"],
    ["no type", "{\"ref\":1}"],
    ["a type that is no text", "{\"type\":1}"],
    ["a key twice", "{\"type\":\"ping\",\"t\":1,\"t\":2}"],
    ["__proto__", "{\"type\":\"ping\",\"t\":1,\"__proto__\":{}}"],
    ["a nesting too deep", `{"type":"ping","t":${"[".repeat(40)}${"]".repeat(40)}}`]
  ])("refuse %s as malformed", (_, text) => {
    assert.strictEqual(outcomeOf(readDeviceFrame(text)), "malformed")
    assert.strictEqual(outcomeOf(readBrokerFrame(text)), "malformed")
  })

  it.each([
    ["an unknown type", { type: "teleport" }],
    ["an inherited word as type", { type: "toString" }],
    ["an unknown field", { type: "ping", t: 1, urgent: true }],
    ["a missing field", { type: "ping" }],
    ["a negative cursor", { type: "ack", log: device, epoch: 1, upto: -1 }],
    ["a cursor that is not whole", { type: "ack", log: device, epoch: 1, upto: 0.5 }],
    ["a number that is not exact", { type: "ack", log: device, epoch: 1, upto: 2 ** 53 }],
    ["text for a number", { type: "ping", t: "1" }],
    ["a log that is no device", { type: "ack", log: "x", epoch: 1, upto: 1 }],
    ["a frame of the other direction", { type: "pong", t: 1 }]
  ])("refuse %s as unsupported", (_, frame) => {
    assert.strictEqual(outcomeOf(readDeviceFrame(JSON.stringify(frame))), "unsupported")
  })

  it("name the type in the refusal, cut to a bearable length", () => {
    const refusal = readDeviceFrame(JSON.stringify({ type: "x".repeat(60_000) }))

    assert.isBelow(Result.isFailure(refusal) ? refusal.failure.message.length : 0, 300)
  })

  it("take a push whose envelope is garbage, so that its slot can be answered for", () => {
    const push = { type: "push", log: device, epoch: 1, seq: 1, envelope: { any: ["thing"] } }

    assert.deepStrictEqual<unknown>(readBrokerFrame(JSON.stringify(push)), Result.succeed(push))
  })

  it("never throw, and answer one of three ways, for 100,000 broken frames", () => {
    const draw = seededDraw("frames")
    const outcomes = new Map<string, number>()
    for (let round = 0; round < 100_000; round++) {
      const { frame, to } = recorded[round % recorded.length] ?? assert.fail("nothing is recorded")
      const changed = JSON.stringify(mutatedJson(frame, draw))
      const text = draw(4) === 0 ? mutatedText(changed, draw) : changed
      const outcome = outcomeOf(readerOf(to)(text))
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }

    assert.sameMembers([...outcomes.keys()], ["ok", "malformed", "unsupported"])
    assert.isAbove(outcomes.get("unsupported") ?? 0, 30_000)
  })
})

describe("refOf", () => {
  it("finds the number of a request that could not be read", () => {
    assert.strictEqual(refOf("{\"type\":\"teleport\",\"ref\":7}"), 7)
  })

  it.each(["", "7", "{\"ref\":-1}", "{\"ref\":\"7\"}", "{\"ref\":1,\"ref\":2}", "null", "{}"])(
    "finds none in %s",
    (text) => {
      assert.isUndefined(refOf(text))
    }
  )
})

describe("closeCodes", () => {
  it("are different numbers that a WebSocket may close with", () => {
    const codes = Object.values(closeCodes)

    assert.lengthOf(new Set(codes), codes.length)
    assert.isTrue(codes.every((code) => code >= 1000 && code < 5000))
  })
})

function readerOf(to: Recorded["to"]) {
  return to === "broker" ? readDeviceFrame : readBrokerFrame
}

function typeOf(frame: Recorded["frame"]): string {
  const typed = typeof frame === "object" && frame !== null && "type" in frame
  return typed && typeof frame.type === "string" ? frame.type : ""
}
