import { Name } from "@claudemesh/protocol"
import {
  appended,
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  revocationOf
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { LinkStates } from "../broker_link/link_states.ts"
import { Inbox, type InboxRow } from "../inbox/inbox.ts"
import { Meshes } from "../meshes/meshes.ts"
import { Delivery } from "../outbox/delivery.ts"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { sessionIdOf } from "../testing/made_sessions.ts"
import { meshDetail, Views } from "./views.ts"

const made = makeMesh("views", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob")
const cy = memberOf(made, "cy")
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("views"))

const row: InboxRow = {
  position: 1,
  mesh,
  sender: bob.device,
  id: messageIdOf(1),
  session: null,
  commitment: "A",
  meta: { priority: "now", subject: "greeting" },
  text: "hello",
  sentAt: MADE_AT,
  receivedAt: MADE_AT + 1,
  readAt: null,
  missingBefore: 0
}

describe("Views.received", () => {
  it.effect("shows a message with the name of its sender", () =>
    Effect.gen(function*() {
      const { received } = yield* Views

      assert.deepStrictEqual(yield* received(row), {
        direction: "received",
        id: row.id,
        mesh,
        mesh_name: "home",
        from: "bob",
        from_member_id: bob.id,
        from_device_id: bob.device,
        subject: "greeting",
        priority: "now",
        text: "hello",
        sent_at: MADE_AT,
        received_at: MADE_AT + 1,
        read: false
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("shows which agent run wrote it, and for which it is", () =>
    Effect.gen(function*() {
      const { received } = yield* Views
      const session = { id: sessionIdOf(7), name: Name.make("web") }

      const shown = yield* received({
        ...row,
        session: sessionIdOf(1),
        meta: { ...row.meta, session }
      })

      assert.deepInclude(shown, { from_session: session, to_session: sessionIdOf(1) })
    }).pipe(Effect.provide(daemon)))

  it.effect("knows the name of whoever was revoked since", () =>
    Effect.gen(function*() {
      const { received } = yield* Views
      const shrunk = appended(made, revocationOf(made, "ada", "bob"))
      yield* Meshes.use(({ learn }) => learn(mesh, shrunk.statements))

      assert.strictEqual((yield* received(row)).from, "bob")
    }).pipe(Effect.provide(daemon)))

  it.effect("shows ids where the mesh was left", () =>
    Effect.gen(function*() {
      const { received } = yield* Views
      yield* Meshes.use(({ forget }) => forget(mesh))

      const shown = yield* received(row)

      assert.deepStrictEqual([shown.from, shown.mesh_name], [bob.device, mesh])
      assert.notProperty(shown, "from_member_id")
    }).pipe(Effect.provide(daemon)))
})

describe("Views.sent", () => {
  it.effect("shows the least that holds for all recipients, and each of them", () =>
    Effect.gen(function*() {
      const { sent } = yield* Views
      const { admitted, applyReceipt, begin } = yield* Delivery
      const message = yield* accepted({ to: [bob.device, cy.device], addressed: "both" })
      yield* admitted(yield* begin([message]))
      yield* applyReceipt(mesh, cy.device, {
        id: message.id,
        commit: message.commitment,
        stage: "rejected",
        reason: "undecryptable",
        at: MADE_AT,
        sig: ""
      })

      const shown = Option.getOrThrow(yield* sent(message))

      assert.deepInclude(shown, {
        to: "both",
        text: "hello",
        state: "admitted",
        accepted_at: MADE_AT,
        expires_at: MADE_AT + 60_000
      })
      const states = shown.recipients.map(({ name, reason, state }) => [name, state, reason])
      assert.sameDeepMembers(states, [
        ["bob", "admitted", undefined],
        ["cy", "rejected", "undecryptable"]
      ])
      assert.sameMembers(
        shown.recipients.find(({ name }) => name === "cy")?.steps.map(({ state }) => state) ?? [],
        ["queued", "admitted", "rejected"]
      )
    }).pipe(Effect.provide(daemon)))

  it.effect.each(
    [
      { stage: "held", detail: "unknown_sender", shown: { held_because: "unknown_sender" } },
      { stage: "held", detail: "socket", shown: {} },
      { stage: "held", detail: "quota", shown: {} },
      { stage: "surfaced", detail: "socket", shown: { carrier: "socket" } },
      { stage: "in_context", detail: "hook", shown: { carrier: "hook" } },
      { stage: "in_context", detail: "pigeon", shown: {} },
      { stage: "inboxed", detail: "socket", shown: {} }
    ] as const
  )(
    "shows of $stage by $detail what it knows: $shown",
    ({ detail, shown, stage }) =>
      Effect.gen(function*() {
        const { applyReceipt } = yield* Delivery
        const { commitment: commit, id } = yield* accepted({ to: [bob.device] })
        yield* applyReceipt(mesh, bob.device, {
          id,
          commit,
          stage,
          reason: detail,
          at: MADE_AT,
          sig: ""
        })

        const message = Option.getOrThrow(yield* Views.use(({ sent }) => sent({ mesh, id })))

        const [{ steps, ...status } = { steps: [] }] = message.recipients
        assert.lengthOf(steps, 2)
        assert.deepStrictEqual(status, {
          name: "bob",
          member_id: bob.id,
          device_id: bob.device,
          state: stage,
          ...shown
        })
      }).pipe(Effect.provide(daemon))
  )

  it.effect("shows nothing of what is not there", () =>
    Effect.gen(function*() {
      const { sent } = yield* Views

      assert.isTrue(Option.isNone(yield* sent({ mesh, id: messageIdOf(9) })))
    }).pipe(Effect.provide(daemon)))
})

describe("Views.mesh", () => {
  it.effect("says who we are there, what waits, and how it is connected", () =>
    Effect.gen(function*() {
      const views = yield* Views
      yield* accepted({ to: [bob.device] })
      yield* LinkStates.use(({ set }) => set(mesh, { state: "attached" }))

      const shown = yield* views.mesh(yield* theMesh)

      assert.deepInclude(shown, {
        mesh,
        name: "home",
        current: true,
        member: "ada",
        role: "admin",
        members: 3,
        unread: 0,
        queued: 1
      })
      assert.strictEqual(shown.link.state, "attached")
    }).pipe(Effect.provide(daemon)))

  it.effect("counts what is unread there", () =>
    Effect.gen(function*() {
      const views = yield* Views
      const counted = yield* Inbox.use(({ unread }) => unread({ mesh }))

      assert.strictEqual((yield* views.mesh(yield* theMesh)).unread, counted)
    }).pipe(Effect.provide(daemon)))
})

describe("meshDetail", () => {
  it.effect("lists members with their devices", () =>
    Effect.gen(function*() {
      const here = yield* theMesh
      const status = yield* Views.use((views) => views.mesh(here))

      const detail = yield* meshDetail(here, status)

      assert.deepStrictEqual(detail.roster.map(({ member, role }) => [member, role]), [
        ["ada", "admin"],
        ["bob", "member"],
        ["cy", "member"]
      ])
      assert.deepStrictEqual(detail.roster[1]?.devices, [
        { device: "bob-box", device_id: bob.device }
      ])
      assert.deepStrictEqual(detail.head, made.membership.head)
    }).pipe(Effect.provide(daemon)))

  it.effect("is refused while the log is not here", () =>
    Effect.gen(function*() {
      const here = yield* theMesh
      const status = yield* Views.use((views) => views.mesh(here))

      const refusal = yield* Effect.flip(meshDetail({ ...here, membership: undefined }, status))

      assert.strictEqual(refusal.code, "broker_unreachable")
    }).pipe(Effect.provide(daemon)))
})
