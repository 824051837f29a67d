/**
 * A broker that says what brokers say with a few things wrong, for some connections, and is an honest one after that.
 *
 * @module
 */
import type { BrokerFrame, Envelope } from "@claudemesh/protocol"
import {
  type Draw,
  type KeptLog,
  layerSeededRandom,
  makeMesh,
  memberOf,
  messageIdOf,
  offerOf,
  prekeyOf,
  sealBetween
} from "@claudemesh/testkit"
import { mutatedConversation, quickDraw, toJson } from "@claudemesh/testkit/fuzz"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { LinkStates } from "../broker_link/link_states.ts"
import { Inbox } from "../inbox/inbox.ts"
import { accepted } from "./accepted.ts"
import { eventually } from "./eventually.ts"
import { FakeBroker, STORE } from "./fake_broker.ts"
import type { FakeWire } from "./fake_wire.ts"
import { identityOf } from "./made_identity.ts"
import { layerMadeLinks } from "./made_links.ts"

const made = makeMesh("hostile broker", ["ada", "bob"])
const elsewhere = makeMesh("another broker", ["ada", "bob"])
const { head, mesh } = made.membership
const { deviceId: ada } = identityOf(made, "ada")
const bob = memberOf(made, "bob").device

/** ada's daemon; bob is whom it can speak with. */
export const hostileBrokerWorld = layerMadeLinks(made, "ada", [prekeyOf(made, "bob")]).pipe(
  Layer.provide(layerSeededRandom("hostile broker"))
)

/** How many connections misbehave in one run, and the most that goes wrong on each. */
const ROUNDS = 3
const MISHAPS_MAX = 8

const letters = Array.from({ length: 6 }, (_, at) => letter(at + 1))

function letter(number: number): Envelope {
  const draft = { id: messageIdOf(number), to: [{ device: ada, sseq: number }] }
  return sealBetween(made, { from: "bob", to: ["ada"], text: `${number}` }, { draft })
}

function push(seq: number, envelope: unknown): BrokerFrame {
  return { type: "push", log: ada, epoch: 1, seq, envelope }
}

/** What brokers say; nothing of it ends the device for good, as a broker may. */
const frames: ReadonlyArray<BrokerFrame> = [
  ...letters.slice(0, 3).map((envelope, at) => push(at + 1, envelope)),
  { type: "statements", mesh, items: made.statements, head: head.seq },
  { type: "statements", mesh, items: [offerOf(made, made.root)], head: head.seq + 1 },
  { type: "statements", mesh, items: elsewhere.statements, head: 9 },
  { type: "statements", ref: 2, mesh, items: [], head: 2 ** 40 },
  {
    type: "attached",
    mesh,
    epoch: 2,
    store_epoch: STORE,
    head: [head.seq, head.hash],
    sseq_floor: 7,
    now: 1
  },
  { type: "presence", mesh, items: [{ device: bob, state: "away", since: 1 }] },
  { type: "prekeys", ref: 1, items: [prekeyOf(made, "bob")] },
  { type: "prekeys", ref: 2, items: [prekeyOf(elsewhere, "bob")] },
  { type: "admitted", ref: 2, id: messageIdOf(9) },
  { type: "refused", ref: 3, code: "rate_limited", message: "Wait", retry_after_ms: 10 },
  { type: "refused", mesh, code: "quota", message: "No" },
  { type: "appended", ref: 1, head: [head.seq, head.hash] },
  { type: "prekey_stored", ref: 1 },
  { type: "unsupported", ref: 1, message: "What?", versions: [1] },
  { type: "pong", t: 1 },
  { type: "goaway", after_ms: 10, jitter_ms: 10 },
  push(9, { not: "an envelope" }),
  push(10, letters[0]),
  { type: "detached", mesh, code: "shutting_down" },
  { type: "challenge", nonce: STORE, origin: "http://evil.example", versions: [1] }
]

const recorded = [
  "<!doctype html><title>Sign in</title>",
  JSON.stringify(push(4, sealBetween(elsewhere, { from: "bob", to: ["ada"], text: "x" })))
]

/** What is left after a run. */
export interface HostileBrokerRun {
  /** The texts in the inbox, once an honest broker has pushed the last letter. */
  readonly inbox: ReadonlyArray<string>
}

/** Runs it in a world of its own. */
export const hostileBrokerRun = Effect.fnUntraced(function*(number: number) {
  const { envelopes } = yield* FakeBroker
  const { nextWire } = yield* makeWires
  const draw = quickDraw("hostile broker", number)
  for (let round = 0; round < ROUNDS; round++) {
    const { sayText } = yield* nextWire
    const count = draw(MISHAPS_MAX + 1)
    yield* accepted({ to: [bob], text: `said in round ${round}` })
    const said = shuffled(frames.map(toJson), draw)
    for (const text of mutatedConversation(said, { draw, count, recorded })) {
      yield* sayText(text)
      if (draw(3) === 0) yield* TestClock.adjust("1 millis")
    }
    yield* TestClock.adjust("1 second")
  }

  const { say } = yield* nextWire
  for (const [at, envelope] of letters.entries()) yield* say(push(at + 1, envelope))
  const { id } = yield* accepted({ to: [bob], text: "said afterwards" })
  yield* eventually(Effect.sync(() => envelopes.some(({ header }) => header.id === id)), Boolean)
  const run: HostileBrokerRun = {
    inbox: yield* eventually(inboxTexts, (texts) => texts.includes("6"))
  }
  return run
})

/** The most lines of a log that such a run is worth. */
const LINES_MAX = 12

/** What must hold after a run; each line of the answer is a promise that was broken. */
export function brokenPromises({ inbox }: HostileBrokerRun, log: KeptLog): ReadonlyArray<string> {
  const alarms = log.alarms().join("; ").slice(0, 500)
  const checks: ReadonlyArray<readonly [holds: boolean, promise: string]> = [
    [alarms === "", `alarms nobody: ${alarms}`],
    [log.lines.length <= LINES_MAX, `logs little, not ${log.lines.length} lines`],
    [new Set(inbox).size === inbox.length, `keeps each message once, not ${inbox.join(", ")}`]
  ]
  return checks.flatMap(([holds, promise]) => holds ? [] : [promise])
}

function shuffled<A>(items: ReadonlyArray<A>, draw: Draw): ReadonlyArray<A> {
  const order = new Map(items.map((item) => [item, draw(2 ** 32)]))
  return items.toSorted((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0))
}

const inboxTexts = Inbox.use(({ list }) =>
  Effect.map(list({ mesh, unread: false, limit: 100 }), (rows) => rows.map(({ text }) => text))
)

/** Cuts the connection there is, and gives the next one on which the mesh is attached. */
const makeWires = Effect.gen(function*() {
  const { connects, opened } = yield* FakeBroker
  const states = yield* LinkStates
  let taken = 0
  let wire: FakeWire | undefined

  const look = Effect.gen(function*() {
    yield* TestClock.adjust("1 second")
    while (taken < (yield* connects)) {
      wire = yield* opened
      taken++
    }
    return (yield* states.get(mesh)).state
  })
  const nextWire = Effect.gen(function*() {
    const before = taken
    yield* wire?.cut ?? Effect.void
    yield* eventually(look, (state) => taken > before && state === "attached")
    return wire ?? (yield* Effect.die("There is no connection"))
  })
  return { nextWire }
})
