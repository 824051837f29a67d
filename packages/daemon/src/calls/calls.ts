/**
 * Keeps the calls between daemons that are under way: those we wait for, and those to be answered.
 *
 * Nothing of a call is kept but its number, so that a broker which serves it
 * again is not answered again. Nobody is shown one.
 *
 * @module
 */
import {
  CallContent,
  type DeviceId,
  type ErrorCode,
  isCallMethod,
  knownCode,
  type MeshId,
  type MessageId,
  type Opened,
  type Receipt,
  type Refused,
  refused
} from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import { Context, Deferred, Effect, Layer, Queue, Result, Schema, type Scope } from "effect"
import { makeCallBudget } from "./call_budget.ts"
import { makeCallNumbers } from "./call_numbers.ts"

/** A call that wants an answer. */
export interface Question {
  readonly mesh: MeshId
  readonly from: DeviceId
  readonly id: MessageId
}

/** What came of class `rpc`, to be acted upon once it is committed. */
export type IncomingCall =
  | { readonly question: Question }
  | { readonly answers: MessageId; readonly by: DeviceId }

/** A call of ours, and by whom it is to be answered. */
export interface OutgoingCall {
  readonly id: MessageId
  readonly device: DeviceId
  readonly commit: string
}

/** Questions of one mesh that wait to be answered; there are no more at once than are answered at all. */
const QUESTIONS_WAITING_MAX = 64

/** Keeps calls. */
export class Calls extends Context.Service<Calls, {
  /** Takes what came: the verdict on it, or what to act upon. Joins an open transaction. */
  readonly take: (opened: Opened) => Effect.Effect<IncomingCall | ErrorCode>
  /** Acts upon what was committed. */
  readonly act: (call: IncomingCall) => Effect.Effect<void>
  /** A device has refused a message, which may be a call of ours. The caller has checked its signature. */
  readonly rejected: (by: DeviceId, receipt: Receipt) => Effect.Effect<void>
  /** What to await the answer to a call with, which is yet to be sent; until the scope closes. */
  readonly expect: (
    call: OutgoingCall
  ) => Effect.Effect<Effect.Effect<void, Refused>, never, Scope.Scope>
  /** What is to be answered in a mesh, until the scope closes. */
  readonly questions: (mesh: MeshId) => Effect.Effect<Queue.Dequeue<Question>, never, Scope.Scope>
}>()("@claudemesh/daemon/calls/calls") {
  static readonly layer = Layer.effect(
    Calls,
    Effect.gen(function*() {
      const waiting = makeWaiting()
      const asked = makeAsked()
      const take = yield* makeTake
      function act(call: IncomingCall) {
        return "question" in call ? asked.offer(call.question) : waiting.answered(call)
      }
      return Calls.of({
        take,
        act,
        rejected: waiting.rejected,
        expect: waiting.expect,
        questions: asked.questions
      })
    })
  )
}

const decodeCall = Schema.decodeUnknownResult(CallContent)

/** Reads what came. */
const makeTake = Effect.gen(function*() {
  const numbers = yield* makeCallNumbers
  const budget = yield* makeCallBudget

  return Effect.fn("Calls.take")(
    function*({ addressee, content, envelope: { header }, sender }: Opened) {
      const call = Result.getOrUndefined(decodeCall(fromUtf8(content)))
      if (call === undefined) return "malformed" as const
      if (!(yield* numbers.take(header.mesh, sender.id, addressee.sseq))) return "replayed" as const
      if ("answers" in call) return { answers: call.answers, by: sender.id }
      if (!isCallMethod(call.method)) return "unsupported" as const
      if (!(yield* budget.spend(sender.id))) return "rate_limited" as const
      return { question: { mesh: header.mesh, from: sender.id, id: header.id } }
    },
    Effect.orDie
  )
})

/** The calls of ours that wait for an answer. */
function makeWaiting() {
  const waiting = new Map<MessageId, OutgoingCall & { readonly answer: Answer }>()

  const expect = Effect.fnUntraced(function*(call: OutgoingCall) {
    const answer: Answer = yield* Deferred.make<void, Refused>()
    waiting.set(call.id, { ...call, answer })
    yield* Effect.addFinalizer(() => Effect.sync(() => waiting.delete(call.id)))
    // oxlint-disable-next-line effecttsgo/return-effect-in-gen -- to await the answer is for the caller to choose
    return Deferred.await(answer)
  })
  const answered = Effect.fnUntraced(function*({ answers, by }: CallAnswered) {
    const call = waiting.get(answers)
    if (call?.device === by) yield* Deferred.succeed(call.answer, undefined)
  })
  const rejected = Effect.fnUntraced(function*(by: DeviceId, receipt: Receipt) {
    const call = waiting.get(receipt.id)
    const isOurs = call?.device === by && call.commit === receipt.commit
    if (!isOurs || receipt.stage !== "rejected") return
    const code = knownCode(receipt.reason ?? "unsupported")
    yield* Deferred.fail(call.answer, refused(code, `Its daemon does not answer: ${code}`))
  })
  return { expect, answered, rejected }
}

type Answer = Deferred.Deferred<void, Refused>
type CallAnswered = Extract<IncomingCall, { readonly answers: MessageId }>

/** What is to be answered, by mesh. */
function makeAsked() {
  const queues = new Map<MeshId, Queue.Queue<Question>>()

  const questions = Effect.fnUntraced(function*(mesh: MeshId) {
    const queue = yield* Queue.dropping<Question>(QUESTIONS_WAITING_MAX)
    queues.set(mesh, queue)
    yield* Effect.addFinalizer(() => {
      if (queues.get(mesh) === queue) queues.delete(mesh)
      return Queue.shutdown(queue)
    })
    return queue
  })
  function offer(question: Question) {
    const queue = queues.get(question.mesh)
    return queue === undefined ? Effect.void : Effect.asVoid(Queue.offer(queue, question))
  }
  return { questions, offer }
}
