/**
 * The push pipe of one session: what the daemon tells, the client's hooks ask and the client's inbox answers
 * meets here.
 *
 * The daemon may end and come back; the pipe goes on with it, and is told again what is still open. It lives
 * as long as the client does: a server that ended would make each hook an error.
 *
 * @module
 */
/* oxlint-disable effecttsgo/async-function -- the push pipe runs without Effect */
import type { Evidence, FeedEvent } from "@claudemesh/protocol/local_api"
import type { Carrier } from "@claudemesh/protocol"
import type { CarrierWorld, Outlets } from "./carrier.ts"
import type { FromClient } from "./client_inbox.ts"
import { DaemonLink, type LinkWorld, type Registration } from "./daemon_link.ts"
import { Dispatcher } from "./dispatcher.ts"
import { type Errand, Errands } from "./errands.ts"
import { EvidenceQueue } from "./evidence_queue.ts"
import { answerHook, filled, type HookCall, isOfSubAgent } from "./hook_call.ts"
import { NativeReplies } from "./native_replies.ts"
import { SessionNews } from "./session_news.ts"
import { type FollowerWorld, TranscriptFollower } from "./transcript_follower.ts"
import { WaitingRoom } from "./waiting_room.ts"

/** What a pipe has to do with the world. */
export interface PipeWorld extends Omit<CarrierWorld, "outlets">, LinkWorld, FollowerWorld {
  /** Whether the session's user wants that carrier used. */
  readonly mayUse: (carrier: Carrier) => boolean
  /** Lets in those who wait, unless it does so already: where they come to is there once a daemon was. */
  readonly receive: (room: WaitingRoom) => void
  /** Says a text on the client's channel. */
  readonly sayOnChannel: (text: string) => void
  /** Lets whoever knows the session by another id speak for it: after `/clear` the client calls it so. */
  readonly shareToken: (id: string) => void
}

/** A session's id, and nothing that leads elsewhere. */
const SESSION_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A daemon that is connected to anew has told all that is open by then. */
const TOLD_MILLIS = 5_000

/** One session's pipe. */
export class Pipe {
  readonly #world: PipeWorld
  readonly #id: string
  readonly #path: string
  readonly #dispatcher: Dispatcher
  /** The processes that wait for what the session is to be shown. */
  readonly #room: WaitingRoom
  readonly #follower: TranscriptFollower
  readonly #link: DaemonLink
  readonly #evidence = new EvidenceQueue()
  readonly #news = new SessionNews()
  readonly #replies = new NativeReplies()
  readonly #errands: ReadonlyArray<Errands>
  #calledBy: string
  #cancelForget: (() => void) | undefined

  constructor(world: PipeWorld, registration: Registration) {
    this.#world = world
    this.#path = `/v1/sessions/${registration.id}`
    this.#id = registration.id
    this.#calledBy = registration.id
    this.#follower = new TranscriptFollower(world, (evidence) => this.#report(evidence))
    this.#room = new WaitingRoom({
      // A monitor runs as long as its client: sent away, it would be missing when it is needed.
      isWanted: (kind) =>
        world.mayUse(kind) && (kind === "monitor" || this.#dispatcher.awaits(kind)),
      onArrival: () => this.#dispatcher.arrived()
    })
    this.#dispatcher = new Dispatcher({
      ...world,
      outlets: outletsOf(this.#room, world),
      report: (evidence) => this.#report(evidence),
      onChange: () => this.#run()
    })
    this.#link = new DaemonLink(world, registration, {
      onConnected: () => this.#connected(),
      onEvent: (event, isFirst) => this.#take(event, isFirst)
    })
    const kinds = [() => this.#nextReport(), () => this.#nextNews(), () => this.#nextReply()]
    this.#errands = kinds.map((next) => new Errands(this.#link, world, next))
  }

  /** Begins; answers when it was tried once. */
  start(): Promise<void> {
    return this.#link.start()
  }

  /** Answers a hook of the client, whether the daemon is there or not. */
  async hook(call: HookCall): Promise<Readonly<Record<string, unknown>>> {
    if (!isOfSubAgent(call)) {
      this.#callBy(filled(call.session_id))
      await this.#follower.keepTo(call.transcript_path)
    }
    const { output, revision } = answerHook(this.#dispatcher, call)
    this.#news.note(revision)
    this.#run()
    return output
  }

  #callBy(id: string | undefined): void {
    if (id === undefined || id === this.#calledBy || !SESSION_ID.test(id)) return
    if (!this.#link.isConnected) return
    this.#calledBy = id
    this.#world.shareToken(id)
  }

  /** What the client says to the socket that we listen at. */
  heard(message: FromClient): void {
    if (message.type === "notice") {
      return this.#dispatcher.noticed(message.status, message.posts)
    }
    const problem = this.#replies.add(message.text, {
      asked: this.#dispatcher.desk.last,
      key: this.#world.newId()
    })
    if (problem !== undefined) this.#world.say(`cannot carry on what the agent says: ${problem}`)
    this.#run()
  }

  #connected(): void {
    // A new token is to be shared anew.
    if (this.#calledBy !== this.#id) this.#world.shareToken(this.#calledBy)
    this.#world.receive(this.#room)
    this.#cancelForget?.()
    this.#dispatcher.desk.forgetSettled()
    this.#news.repeat()
    this.#run()
  }

  /** What comes is the daemon's own, of this machine and version: its shape is not looked at again. */
  #take(event: unknown, isFirst: boolean): void {
    if (isFirst) {
      this.#dispatcher.begin()
      this.#cancelForget = this.#world.after(TOLD_MILLIS, () => this.#dispatcher.forgetUntold())
    }
    if (!isFeedEvent(event)) return
    switch (event.type) {
      case "session":
        return this.#dispatcher.revise(event.session)
      case "message":
        return this.#dispatcher.take(event.message, event.posted, event.stranger)
      case "withdrawn":
        return this.#dispatcher.withdraw(event.message)
    }
  }

  #report(evidence: ReadonlyArray<Evidence>): void {
    this.#evidence.add(evidence)
    this.#follower.expect(evidence)
    this.#run()
  }

  #run(): void {
    for (const errands of this.#errands) errands.run()
  }

  #nextReport(): Errand | undefined {
    const items = this.#evidence.next()
    return items && {
      request: { method: "POST", path: `${this.#path}/evidence`, body: { items } },
      what: "evidence",
      onTaken: () => {
        this.#evidence.drop(items)
        this.#dispatcher.desk.settle(items)
      },
      onRefused: () => this.#evidence.drop(items)
    }
  }

  #nextNews(): Errand | undefined {
    const revision = this.#news.next(this.#dispatcher.carrier)
    if (revision === undefined) return undefined
    this.#news.saying(revision)
    return {
      request: { method: "POST", path: this.#path, body: revision },
      what: "what is new of the session",
      onTaken: () => {},
      onRefused: () => {},
      onAway: () => this.#news.unsaid(revision)
    }
  }

  #nextReply(): Errand | undefined {
    const request = this.#replies.next()
    return request && {
      request,
      what: "the agent's answer",
      onTaken: () => this.#replies.done(),
      onRefused: () => this.#replies.done()
    }
  }
}

function outletsOf(room: WaitingRoom, world: PipeWorld): Outlets {
  return {
    isReady: (name) => name === "channel" ? world.mayUse(name) : room.has(name),
    give: (name, text) => {
      if (name !== "channel") return room.give(name, text)
      world.sayOnChannel(text)
      return true
    }
  }
}

const FEED_EVENTS: ReadonlySet<unknown> = new Set(["session", "message", "withdrawn"])

function isFeedEvent(event: unknown): event is FeedEvent {
  return typeof event === "object" && event !== null && "type" in event &&
    FEED_EVENTS.has(event.type)
}
