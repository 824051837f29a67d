import {
  foldStatements,
  inviteIdOf,
  JoinMesh,
  joinMesh,
  nextStatement,
  OpenedInvite,
  openInviteInput
} from "@claudemesh/protocol"
import { sign, signKeyPair, toBase64Url } from "@claudemesh/protocol/crypto"
import { makeMember, makeMesh, memberOf, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Redacted, Result, Schedule, Schema } from "effect"
import { spawn } from "node:child_process"
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { BrokerAddress, layerBroker } from "./broker_server.ts"
import { brokerOn, connectLive, foundOver, post } from "./gateway/testing/live_broker.ts"
import { temporaryDirectory } from "./testing/temporary_directory.ts"
import { attachTo, say, sendFrame } from "./gateway/testing/test_device.ts"
import { connectWebSocket } from "./gateway/testing/web_socket_wire.ts"

const mesh = makeMesh("server", ["ada", "bob"])
function identityOf(name: string) {
  return { mesh: mesh.membership.mesh, ...memberOf(mesh, name) }
}
const CANARY = "canary-5f1c-nobody-else-may-read-this"

const attach = Effect.fnUntraced(function*(name: string) {
  const wire = yield* connectLive()
  return { ...wire, attached: yield* attachTo(wire, identityOf(name)) }
})

const sendLetter = Effect.gen(function*() {
  const ada = yield* attach("ada")
  yield* say(ada, sendFrame(sealBetween(mesh, { from: "ada", to: ["bob"], text: CANARY })))
  yield* ada.inbox.next("admitted")
})

/** How a broker on these options is refused. */
function refusalOn(
  options: Partial<Parameters<typeof layerBroker>[0]> & { readonly dataDirectory: string }
) {
  const broker = layerBroker({ listen: { host: "127.0.0.1", port: 0 }, ...options })
  return Effect.flip(Effect.scoped(Effect.provide(BrokerAddress, broker, { local: true })))
}

describe("layerBroker", () => {
  it.live("keeps everything over a stop, down to its name", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const first = yield* Effect.gen(function*() {
        yield* foundOver(mesh.statements)
        yield* sendLetter
        return (yield* attach("bob")).attached
      }).pipe(Effect.scoped, Effect.provide(brokerOn(directory), { local: true }))
      const again = yield* Effect.gen(function*() {
        const bob = yield* attach("bob")
        yield* bob.inbox.next("push")
        return bob.attached
      }).pipe(Effect.scoped, Effect.provide(brokerOn(directory), { local: true }))

      assert.strictEqual(again.store_epoch, first.store_epoch)
      assert.isAbove(again.epoch, first.epoch)
      assert.notInclude(readdirSync(directory), "broker.sqlite-wal")
    }).pipe(Effect.scoped))

  it.live("has another name as a copy of an earlier state that is put back", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const [database, backup] = [join(directory, "broker.sqlite"), join(directory, "backup")]
      const run = Effect.gen(function*() {
        yield* foundOver(mesh.statements)
        return (yield* attach("bob")).attached.store_epoch
      }).pipe(Effect.scoped, Effect.provide(brokerOn(directory), { local: true }))
      const first = yield* run
      copyFileSync(database, backup)
      const second = yield* run
      copyFileSync(backup, database)
      const restored = yield* run

      assert.strictEqual(second, first)
      assert.notStrictEqual(restored, first)
    }).pipe(Effect.scoped))

  it.live("refuses a directory that another broker uses, and a port that is taken", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      yield* Effect.gen(function*() {
        const { port } = yield* BrokerAddress
        assert.strictEqual((yield* refusalOn({ dataDirectory: directory })).code, "data_locked")
        const listen = { host: "127.0.0.1", port }
        const elsewhere = yield* temporaryDirectory
        const taken = yield* refusalOn({ dataDirectory: elsewhere, listen })
        assert.strictEqual(taken.code, "address_in_use")
      }).pipe(Effect.scoped, Effect.provide(brokerOn(directory)))
    }).pipe(Effect.scoped))

  it.live("refuses a public URL that is none, and a directory that cannot be", () =>
    Effect.gen(function*() {
      const dataDirectory = yield* temporaryDirectory
      const noUrl = yield* refusalOn({ dataDirectory, publicUrl: "mesh.acme.dev" })
      assert.strictEqual(noUrl.code, "usage")
      const file = join(dataDirectory, "file")
      writeFileSync(file, "")
      assert.strictEqual(
        (yield* refusalOn({ dataDirectory: join(file, "x") })).code,
        "home_unusable"
      )
    }).pipe(Effect.scoped))

  it.live("begins anew beside a damaged database, under another name, and says so", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const first = yield* Effect.gen(function*() {
        yield* foundOver(mesh.statements)
        return (yield* attach("ada")).attached
      }).pipe(Effect.scoped, Effect.provide(brokerOn(directory), { local: true }))
      writeFileSync(join(directory, "broker.sqlite"), "no database at all ".repeat(1_000))
      const again = yield* Effect.gen(function*() {
        const { warnings } = yield* BrokerAddress
        assert.include(warnings.join(), "damaged")
        yield* foundOver(mesh.statements)
        return (yield* attach("ada")).attached
      }).pipe(Effect.scoped, Effect.provide(brokerOn(directory), { local: true }))

      assert.notStrictEqual(again.store_epoch, first.store_epoch)
      assert.lengthOf(readdirSync(directory).filter((name) => name.includes("corrupt")), 1)
    }).pipe(Effect.scoped))

  it.live("refuses a whole database that is another program's, and says what would work", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const filename = join(directory, "broker.sqlite")
      using database = new DatabaseSync(filename)
      database.exec("CREATE TABLE store (shelf TEXT)")

      const { code, message } = yield* refusalOn({ dataDirectory: directory })

      assert.strictEqual(code, "home_unusable")
      assert.include(message, `database "${filename}" does not work`)
      assert.include(message, "move it away: a new one takes its place")
    }).pipe(Effect.scoped))

  it.live("asks for the first-admin code where others can reach it", () =>
    Effect.gen(function*() {
      const dataDirectory = yield* temporaryDirectory
      const broker = layerBroker({ dataDirectory, listen: { host: "0.0.0.0", port: 0 } })
      yield* Effect.gen(function*() {
        const { firstAdminCode } = yield* BrokerAddress
        const { statements } = mesh
        assert.strictEqual((yield* post("/v1/meshes", { statements })).status, 403)
        const code = firstAdminCode === undefined ? "" : Redacted.value(firstAdminCode)
        assert.strictEqual((yield* post("/v1/meshes", { statements, code })).status, 200)
      }).pipe(Effect.provide(broker, { local: true }))
      assert.strictEqual(statSync(join(dataDirectory, "first_admin_code")).mode & 0o777, 0o600)

      // Whoever lost the database is given the mesh back without it.
      rmSync(join(dataDirectory, "broker.sqlite"))
      yield* Effect.gen(function*() {
        const { statements } = mesh
        const unknown = makeMesh("never here", ["eve"])
        const refusal = yield* post("/v1/meshes", { statements: unknown.statements })
        assert.strictEqual(refusal.status, 403)
        assert.strictEqual((yield* post("/v1/meshes", { statements })).status, 200)
      }).pipe(Effect.provide(broker, { local: true }))
    }).pipe(Effect.scoped))

  it.live("writes down nothing of what a message says", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      yield* Effect.gen(function*() {
        yield* foundOver(mesh.statements)
        yield* sendLetter
        const written = readdirSync(directory).map((name) => readFileSync(join(directory, name)))
        assert.isTrue(written.some((bytes) => bytes.includes(memberOf(mesh, "bob").device)))
        assert.isFalse(written.some((bytes) => bytes.includes(CANARY)))
      }).pipe(Effect.scoped, Effect.provide(brokerOn(directory)))
    }).pipe(Effect.scoped))

  it.live(
    "lets exactly as many join as an invite allows, of a hundred at once",
    () =>
      Effect.gen(function*() {
        const directory = yield* temporaryDirectory
        yield* Effect.gen(function*() {
          const invite = signKeyPair(Redacted.make(mesh.bytes(32)))
          const key = toBase64Url(invite.publicKey)
          const now = yield* Clock.currentTimeMillis
          const content = {
            kind: "invite",
            body: { key, role: "member", max_uses: 3, expires: now + 60_000 }
          } as const
          const by = { at: now, key: memberOf(mesh, "ada").key }
          yield* foundOver([...mesh.statements, nextStatement(mesh.membership, content, by)])

          const joiners = Array.from({ length: 100 }, (_, at) => joinOver(invite, `joiner-${at}`))
          const codes = yield* Effect.all(joiners, { concurrency: "unbounded" })
          assert.lengthOf(codes.filter((code) => code === "joined"), 3)
          assert.lengthOf(codes.filter((code) => code === "invite_exhausted"), 97)
        }).pipe(Effect.provide(brokerOn(directory)))
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("loses nothing that it has admitted when it is killed", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      yield* Effect.scoped(Effect.gen(function*() {
        const { kill, origin } = yield* brokerProcess(directory)
        const broker = {
          origin,
          origins: [origin],
          host: "127.0.0.1",
          port: 0,
          warnings: [],
          failed: Effect.never
        }
        yield* Effect.gen(function*() {
          yield* foundOver(mesh.statements)
          const ada = yield* attach("ada")
          const numbers = Array.from({ length: 50 }, (_, at) => at + 1)
          for (const number of numbers) {
            const to = [{ device: memberOf(mesh, "bob").device, sseq: number }]
            const draft = { id: messageIdOf(number), to }
            const parties = { from: "ada", to: ["bob"], text: `${number}` }
            yield* say(ada, sendFrame(sealBetween(mesh, parties, { draft }), number))
          }
          for (const _ of numbers) yield* ada.inbox.next("admitted")
          kill()
        }).pipe(Effect.provideService(BrokerAddress, broker))
      }))
      yield* Effect.gen(function*() {
        const bob = yield* attach("bob")
        for (let seq = 1; seq <= 50; seq++) {
          assert.strictEqual((yield* bob.inbox.next("push")).seq, seq)
        }
      }).pipe(Effect.scoped, Effect.provide(brokerOn(directory)))
    }).pipe(Effect.scoped))
})

/** Reads the log and joins, again while others are faster; answers how it ended. */
function joinOver(invite: ReturnType<typeof signKeyPair>, name: string) {
  const id = inviteIdOf(toBase64Url(invite.publicKey))
  const { key, record } = makeMember(name, mesh.bytes)
  const attempt = Effect.gen(function*() {
    const { origin } = yield* BrokerAddress
    const sig = toBase64Url(sign("cm1/invite-open", openInviteInput(id, origin, 0), invite))
    const opened = yield* post(`/v1/invites/${id}/open`, { after: 0, sig })
    if (opened.status !== 200) return codeOf(opened.body)
    const { now, statements } = yield* Schema.decodeUnknownEffect(OpenedInvite)(opened.body)
    const membership = Result.getOrThrow(foldStatements(statements))
    if (membership === undefined) return "empty"
    const newcomer = { name, key, device: record }
    const statement = joinMesh(membership, newcomer, { at: now, invite })
    const joined = yield* post(`/v1/invites/${id}/join`, JoinMesh.make({ statement }))
    return joined.status === 200 ? "joined" : codeOf(joined.body)
  })
  return Effect.repeat(attempt, { until: (code) => code !== "head_moved" })
}

function codeOf(body: unknown): string {
  return typeof body === "object" && body !== null && "code" in body ? String(body.code) : "none"
}

/** A broker in a process of its own, which dies with the scope at the latest. */
const brokerProcess = Effect.fnUntraced(function*(directory: string) {
  const script = join(import.meta.dirname, "gateway/testing/serve_alone.ts")
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [script, directory], { stdio: ["ignore", "pipe", "inherit"] })
    ),
    (child) =>
      Effect.callback<void>((resume) => {
        if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
        child.once("exit", () => resume(Effect.void))
        child.kill("SIGKILL")
      })
  )
  const origin = yield* Effect.callback<string>((resume) => {
    child.stdout.once("data", (line: Buffer) => resume(Effect.succeed(line.toString().trim())))
  })
  yield* Effect.scoped(connectWebSocket(origin)).pipe(Effect.retry(Schedule.recurs(3)))
  return { origin, kill: () => child.kill("SIGKILL") }
})
