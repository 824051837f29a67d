/**
 * A pipe in a world that a test moves by hand, with a daemon that answers what the test wants.
 *
 * @module
 */
import type { Carrier } from "@claudemesh/protocol"
import type { FeedEvent } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import type { Post } from "../client_inbox.ts"
import type { DaemonRequest } from "../daemon_link.ts"
import { Pipe } from "../pipe.ts"
import type { WaitingRoom } from "../waiting_room.ts"
import { HandClock } from "./hand_clock.ts"
import { madeSession } from "./made_received.ts"

/** A request as the daemon got it, with the token that came with it. */
export interface Asked extends DaemonRequest {
  readonly token: string | undefined
}

/** Whatever was promised by now has been kept. */
export const settled = Effect.promise(() => turns(30))

function turns(count: number): Promise<void> {
  return count === 0 ? Promise.resolve() : Promise.resolve().then(() => turns(count - 1))
}

/** A pipe, its daemon and its client. */
export class HandPipe {
  readonly clock = new HandClock()
  readonly asked: Array<Asked> = []
  readonly posts: Array<Post> = []
  readonly channel: Array<string> = []
  /** Where those who wait come to. */
  room: WaitingRoom | undefined
  readonly said: Array<string> = []
  /** By what other ids the session's token may be found. */
  readonly shared: Array<string> = []
  readonly files = new Map<string, string>()
  readonly pipe: Pipe
  /** What the daemon answers, by the end of the path; absent, 200. `undefined`: it is away. */
  readonly answers = new Map<
    string,
    { readonly status: number; readonly json: unknown } | undefined
  >()
  #token: string | undefined
  #feed: { readonly onEvent: (event: unknown) => void; readonly onEnd: () => void } | undefined

  constructor(
    { carriers = ["socket", "hook", "rewake", "monitor"] }: {
      readonly carriers?: ReadonlyArray<Carrier>
    } = {}
  ) {
    const { after, now } = this.clock
    let ids = 0
    this.pipe = new Pipe({
      now,
      mayUse: (carrier) => carriers.includes(carrier),
      receive: (room) => this.room = room,
      sayOnChannel: (text) => this.channel.push(text),
      after,
      newId: () => `id ${ids += 1}`,
      post: carriers.includes("socket")
        ? (post) => {
          this.posts.push(post)
          return Promise.resolve()
        }
        : undefined,
      ask: (request) => this.#answer(request),
      read: (_, reader) => {
        this.#feed = reader
        return () => {
          if (this.#feed === reader) this.#feed = undefined
        }
      },
      useToken: (file) => {
        this.#token = file
      },
      shareToken: (id) => this.shared.push(id),
      say: (line) => this.said.push(line),
      readBytes: (path) => (from, length) =>
        Promise.resolve(this.#bytes(path).subarray(from, from + length)),
      sizeOf: (path) => Promise.resolve(this.#bytes(path).length)
    }, { id: "s1", cwd: "/code/api", pid: 7, caps: ["read"] })
  }

  /** Whether its feed is read. */
  get isRead(): boolean {
    return this.#feed !== undefined
  }

  /** The bodies of what was asked at paths that end so. */
  bodies(end: string): ReadonlyArray<unknown> {
    return this.asked.filter(({ path }) => path.endsWith(end)).map(({ body }) => body)
  }

  /** Starts, and is told the session. */
  readonly begun = Effect.suspend(() => {
    void this.pipe.start()
    return Effect.tap(
      settled,
      () => Effect.sync(() => this.tell({ type: "session", session: madeSession() }))
    )
  })

  tell(event: FeedEvent | { readonly type: "news" }): void {
    this.#feed?.onEvent(event)
  }

  /** The daemon ends. */
  endFeed(): void {
    this.#feed?.onEnd()
  }

  /** Moves on, and lets everything settle that comes of it. */
  moved(millis: number) {
    return Effect.andThen(Effect.sync(() => this.clock.move(millis)), settled)
  }

  write(path: string, line: unknown): void {
    this.files.set(path, `${this.files.get(path) ?? ""}${JSON.stringify(line)}\n`)
  }

  #answer(request: DaemonRequest) {
    this.asked.push({ ...request, token: this.#token })
    const end = request.path.split("/").at(-1) ?? ""
    const answer = this.answers.has(end)
      ? this.answers.get(end)
      : { status: 200, json: { token_file: "/run/s1.token" } }
    return answer === undefined ? Promise.reject(new Error("away")) : Promise.resolve(answer)
  }

  #bytes(path: string): Uint8Array {
    return new TextEncoder().encode(this.files.get(path) ?? "")
  }
}
