import { liveMembers, refused, type Statement } from "@claudemesh/protocol"
import { layerSeededRandom, MADE_AT, makeMesh, memberOf, withJoined } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import type { Attachment } from "../broker_link/attachment.ts"
import { LinkLost } from "../broker_link/broker_transport.ts"
import { Links } from "../broker_link/links.ts"
import { Meshes } from "../meshes/meshes.ts"
import {
  attachmentOn,
  type FakeAnswers,
  type FakeRequest,
  makeFakeConnection
} from "../testing/fake_connection.ts"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import { AppendStatement } from "./append_statement.ts"

const made = makeMesh("append", ["ada", "bob"])
const mesh = made.membership.mesh
const attachment = Ref.makeUnsafe<Attachment | undefined>(undefined)
const links = Layer.mock(Links)({
  attachment: () =>
    Effect.filterOrFail(
      Ref.get(attachment),
      (there) => there !== undefined,
      () => refused("broker_unreachable", "Nobody answers")
    )
})
const daemon = AppendStatement.layer.pipe(
  Layer.provide(links),
  Layer.provideMerge(layerMadeDaemon(made, "ada")),
  Layer.provide(layerSeededRandom("append"))
)

const BROKER_TIME = MADE_AT + 5_000

/** The clock goes on while something is waited for. */
const timePasses = Effect.forever(
  Effect.andThen(TestClock.adjust("100 millis"), Effect.yieldNow)
)

/** Revokes bob at a broker that answers like that; `catchUp` is what it says of its log. */
const revoking = Effect.fnUntraced(function*(
  answers: FakeAnswers,
  catchUp: Attachment["catchUp"] = Effect.void
) {
  const fake = makeFakeConnection(answers)
  let ticks = 0
  const there = {
    ...attachmentOn(fake, identityOf(made, "ada")),
    brokerTime: Effect.sync(() => BROKER_TIME + ticks++),
    catchUp
  }
  yield* Ref.set(attachment, there)
  const body = { member: memberOf(made, "bob").id }
  const appending = AppendStatement.use(({ append }) =>
    Effect.flatMap(
      theMesh,
      (here) => append(here, () => Effect.succeed({ kind: "member_revoke", body }))
    )
  )
  const outcome = yield* Effect.result(Effect.raceFirst(appending, timePasses))
  return { fake, outcome }
})

function appendsOf({ requests }: ReturnType<typeof makeFakeConnection>): ReadonlyArray<Statement> {
  return requests.flatMap((request) => request.type === "append" ? [request.statement] : [])
}

function agrees(request: FakeRequest): ReturnType<FakeAnswers> {
  return request.type === "append"
    ? Effect.succeed({ type: "appended", ref: 1, head: [request.statement.seq, "A".repeat(43)] })
    : undefined
}

describe("AppendStatement.append", () => {
  it.effect("signs with the broker's time, and knows what it has appended", () =>
    Effect.gen(function*() {
      const { fake } = yield* revoking(agrees)

      const [statement] = appendsOf(fake)
      assert.strictEqual(statement?.at, BROKER_TIME)
      const { membership } = yield* theMesh
      assert.strictEqual(membership?.head.seq, made.statements.length + 1)
      assert.deepStrictEqual(
        membership === undefined ? [] : liveMembers(membership).map(({ name }) => name),
        ["ada"]
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("reads on and signs again where somebody else was first", () =>
    Effect.gen(function*() {
      const { learn } = yield* Meshes
      const grown = withJoined(made, "cy")
      const catchUp = Effect.asVoid(learn(mesh, grown.statements))

      const { fake } = yield* revoking((request) =>
        request.type === "append" && request.statement.seq === made.statements.length + 1
          ? Effect.fail(refused("head_moved", "Somebody was first"))
          : agrees(request), catchUp)

      const numbers = appendsOf(fake).map(({ seq }) =>
        seq - made.statements.length
      )
      assert.deepStrictEqual(numbers, [1, 3])
      assert.strictEqual((yield* theMesh).membership?.head.seq, grown.statements.length + 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("gives up after eight others", () =>
    Effect.gen(function*() {
      const { fake, outcome } = yield* revoking((request) =>
        request.type === "append" ? Effect.fail(refused("head_moved", "Too late")) : undefined
      )

      assert.lengthOf(appendsOf(fake), 9)
      assert.strictEqual(outcome._tag, "Failure")
      assert.strictEqual((yield* theMesh).membership?.head.seq, made.statements.length)
    }).pipe(Effect.provide(daemon)))

  it.effect("fails at once where the broker refuses for good", () =>
    Effect.gen(function*() {
      const { fake, outcome } = yield* revoking((request) =>
        request.type === "append" ? Effect.fail(refused("not_permitted", "No")) : undefined
      )

      assert.strictEqual(outcome._tag === "Failure" && outcome.failure.code, "not_permitted")
      assert.lengthOf(appendsOf(fake), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("finds out in the log what became of a statement whose answer was lost", () =>
    Effect.gen(function*() {
      const { learn } = yield* Meshes

      const { fake, outcome } = yield* revoking((request) =>
        request.type === "append"
          ? Effect.andThen(
            Effect.orDie(learn(mesh, [request.statement])),
            Effect.fail(new LinkLost({ reason: "cut" }))
          )
          : undefined
      )

      assert.strictEqual(outcome._tag, "Success")
      assert.lengthOf(appendsOf(fake), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("says again to the letter what got lost on the way", () =>
    Effect.gen(function*() {
      let cuts = 1

      const { fake, outcome } = yield* revoking((request) =>
        request.type === "append" && cuts-- > 0
          ? Effect.fail(new LinkLost({ reason: "cut" }))
          : agrees(request)
      )

      assert.strictEqual(outcome._tag, "Success")
      const [first, again] = appendsOf(fake)
      assert.deepStrictEqual(again, first)
    }).pipe(Effect.provide(daemon)))

  it.effect("knows a statement that the broker told before it answered", () =>
    Effect.gen(function*() {
      const { learn } = yield* Meshes

      const { outcome } = yield* revoking((request) =>
        request.type === "append"
          ? Effect.andThen(
            Effect.orDie(learn(mesh, [request.statement])),
            agrees(request) ?? Effect.die("no answer")
          )
          : undefined
      )

      assert.strictEqual(outcome._tag, "Success")
      assert.strictEqual((yield* theMesh).membership?.head.seq, made.statements.length + 1)
    }).pipe(Effect.provide(daemon)))
})
