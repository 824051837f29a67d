/**
 * A broker over HTTP in memory: one membership log, which folds what it is given, as a broker does.
 *
 * @module
 */
import { NodeHttpServer } from "@effect/platform-node"
import {
  BrokerApi,
  ErrorCode,
  foldStatements,
  type Membership,
  Refused,
  refused,
  type Statement
} from "@claudemesh/protocol"
import { Context, Effect, Layer, Ref, Result, Schema } from "effect"
import { HttpApiBuilder, HttpApiTest } from "effect/http-api"
import { BrokerHttp } from "../broker_link/broker_http.ts"

/** What a broker may be asked. */
export type HttpAct = "put" | "open" | "join"

/** The log of the broker, and what a test does to it. */
export class FakeHttp extends Context.Service<FakeHttp, {
  readonly statements: Effect.Effect<ReadonlyArray<Statement>>
  /** Puts another log in the place of what it has. */
  readonly set: (statements: ReadonlyArray<Statement>) => Effect.Effect<void>
  /** What happens before the broker acts; fails in its place. */
  readonly before: (hook: (act: HttpAct) => Effect.Effect<void, Refused>) => Effect.Effect<void>
  /** What happens between the broker's act and its answer: a failure loses the answer. */
  readonly after: (hook: (act: HttpAct) => Effect.Effect<void, Refused>) => Effect.Effect<void>
}>()("@claudemesh/daemon/testing/fake_http/FakeHttp") {
  static readonly layer: Layer.Layer<FakeHttp | BrokerHttp> = Layer.effectContext(
    Effect.suspend(() => makeFakeHttp)
  ).pipe(Layer.provide(NodeHttpServer.layerHttpServices))
}

const makeFakeHttp = Effect.gen(function*() {
  const log = yield* Ref.make<ReadonlyArray<Statement>>([])
  const before = yield* Ref.make<Hook>(nothing)
  const after = yield* Ref.make<Hook>(nothing)
  const context = yield* Layer.build(handlersOver(log, { before, after }))
  const client = yield* Effect.provideContext(
    HttpApiTest.groups(BrokerApi, ["health", "meshes", "invites"]),
    context
  )
  return Context.make(FakeHttp, {
    statements: Ref.get(log),
    set: (statements) => Ref.set(log, statements),
    before: (hook) => Ref.set(before, hook),
    after: (hook) => Ref.set(after, hook)
  }).pipe(Context.add(BrokerHttp, {
    ask: (_, question) => Effect.mapError(question(client), asRefused),
    version: () => Effect.mapError(client.version(), asRefused),
    put: (_, payload) => Effect.mapError(client.meshes.put({ payload }), asRefused)
  }))
})

function nothing(): Effect.Effect<void, Refused> {
  return Effect.void
}

type Hook = (act: HttpAct) => Effect.Effect<void, Refused>

function handlersOver(
  log: Ref.Ref<ReadonlyArray<Statement>>,
  hooks: { readonly before: Ref.Ref<Hook>; readonly after: Ref.Ref<Hook> }
) {
  const hooked = Effect.fnUntraced(function*<A>(act: HttpAct, acting: Effect.Effect<A, Refused>) {
    yield* (yield* Ref.get(hooks.before))(act)
    const answer = yield* acting
    yield* (yield* Ref.get(hooks.after))(act)
    return answer
  })
  const append = Effect.fnUntraced(function*(added: ReadonlyArray<Statement>) {
    const known = yield* Ref.get(log)
    const all = [...known, ...added]
    const membership = yield* Effect.fromResult(foldStatements(all))
    if (membership === undefined) return yield* refused("malformed", "There is nothing to store")
    yield* Ref.set(log, all)
    return stored(membership)
  })
  const open = Effect.fnUntraced(function*(after: number) {
    const statements = yield* Ref.get(log)
    const [genesis] = statements
    if (genesis === undefined) return yield* refused("invite_not_found", "Cannot find it")
    const page = statements.slice(after, after + PAGE_LENGTH)
    return {
      mesh: genesis.mesh,
      statements: page,
      head: statements.length,
      now: statements.at(-1)?.at ?? 0
    }
  })
  const version = { name: "claudemesh-broker", version: "0", protocol: [1], now: 0 } as const
  return Layer.mergeAll(
    HttpApiBuilder.group(BrokerApi, "health", (handlers) =>
      handlers.handleAll({
        livez: () => Effect.succeed({ status: "ok" as const }),
        readyz: () => Effect.succeed({ status: "ok" as const }),
        version: () => Effect.succeed(version)
      })),
    HttpApiBuilder.group(BrokerApi, "meshes", (handlers) =>
      handlers.handleAll({
        put: ({ payload: { statements } }) =>
          hooked(
            "put",
            Effect.flatMap(
              Ref.get(log),
              (known) => append(statements.filter(({ seq }) => seq > known.length))
            )
          )
      })),
    HttpApiBuilder.group(BrokerApi, "invites", (handlers) =>
      handlers.handleAll({
        open: ({ payload: { after } }) => hooked("open", open(after)),
        join: ({ payload: { statement } }) => hooked("join", append([statement]))
      }))
  )
}

/** Statements of one page: few, so that a log has several. */
const PAGE_LENGTH = 2

function stored({ head, mesh }: Membership) {
  return { mesh, head: [head.seq, head.hash] as const }
}

const decodeRefusal = Schema.decodeUnknownResult(
  Schema.Struct({ code: ErrorCode, message: Schema.String })
)

function asRefused(error: unknown): Refused {
  const { code, message } = Result.getOrElse(
    decodeRefusal(error),
    () => ({ code: "internal" as const, message: String(error) })
  )
  return refused(code, message)
}
