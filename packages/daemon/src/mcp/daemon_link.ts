/**
 * Keeps a session known to its daemon: registers it, reads its feed, and does both again when that ends.
 *
 * A daemon may end, come back, and know nothing of the session any more, nor of its token. While it is away
 * it is looked for in growing pauses.
 *
 * @module
 */
import type { RegisterSession } from "@claudemesh/protocol/local_api"
import type { LocalAnswer } from "./local_http.ts"

/** What is asked of the daemon. */
export interface DaemonRequest {
  readonly method: "GET" | "POST"
  readonly path: string
  readonly body?: unknown
  /** Makes it repeatable. */
  readonly key?: string
}

/** What a link has to do with the world. */
export interface LinkWorld {
  /** Runs it after so many milliseconds; answers with what prevents it. */
  readonly after: (millis: number, run: () => void) => () => void
  /** Asks the daemon; rejects where it does not answer. */
  readonly ask: (request: DaemonRequest) => Promise<LocalAnswer>
  /** Reads the feed of the session; answers with what ends it. */
  readonly read: (
    path: string,
    reader: { readonly onEvent: (event: unknown) => void; readonly onEnd: () => void }
  ) => () => void
  /** Takes over the token that the daemon keeps in that file; without one, it has none any more. */
  readonly useToken: (file: string | undefined) => void
  /** Says something to whoever looks for a fault. */
  readonly say: (line: string) => void
}

/** What the session says of itself, under the client's own id. */
export interface Registration extends Omit<RegisterSession, "caps" | "id"> {
  readonly id: string
  /** What it was launched with; the daemon says what of it are none. */
  readonly caps?: ReadonlyArray<string> | null
}

/** What becomes of it. */
export interface LinkEvents {
  /** It is registered, and its feed is about to be read. */
  readonly onConnected: () => void
  readonly onEvent: (event: unknown, isFirst: boolean) => void
}

/** What a request has come to: taken, refused for good, or nobody was there who could take it. */
export type Outcome = "taken" | "away" | { readonly refused: string }

/** How long it waits before it looks for the daemon again: at first, and at most. */
const AGAIN_MILLIS_MIN = 250
const AGAIN_MILLIS_MAX = 5_000

/** One session's link. */
export class DaemonLink {
  readonly #world: LinkWorld
  readonly #registration: Registration
  readonly #events: LinkEvents
  #again = AGAIN_MILLIS_MIN
  #isConnected = false
  #isWaiting = false
  #endFeed: (() => void) | undefined
  #said: string | undefined

  constructor(world: LinkWorld, registration: Registration, events: LinkEvents) {
    this.#world = world
    this.#registration = registration
    this.#events = events
  }

  get isConnected(): boolean {
    return this.#isConnected
  }

  /** Begins; answers when it was tried once. */
  start(): Promise<void> {
    // The token of a session that the daemon may not know any more would be refused.
    this.#world.useToken(undefined)
    return this.#world.ask({ method: "POST", path: "/v1/sessions", body: this.#registration })
      .then((answer) => this.#registered(answer))
      .catch(() => this.#tryAgain())
  }

  /** Asks on behalf of the session. */
  ask(request: DaemonRequest): Promise<Outcome> {
    return this.#world.ask(request).then(
      (answer) => this.#outcomeOf(request, answer),
      () => "away"
    )
  }

  #registered({ json, status }: LocalAnswer): void {
    const file = status === 200 ? textIn(json, "token_file") : undefined
    if (file === undefined) {
      this.#sayOnce(`cannot register: ${reasonOf({ json, status })}`)
      return this.#tryAgain()
    }
    this.#world.useToken(file)
    this.#said = undefined
    this.#isConnected = true
    this.#events.onConnected()
    this.#readFeed()
  }

  #readFeed(): void {
    let isFirst = true
    let isOver = false
    const end = this.#world.read(`/v1/sessions/${this.#registration.id}/feed`, {
      onEvent: (event) => {
        if (isOver) return
        this.#events.onEvent(event, isFirst)
        isFirst = false
      },
      onEnd: () => {
        if (!isOver) this.#disconnected()
      }
    })
    this.#endFeed = () => {
      isOver = true
      end()
    }
  }

  #disconnected(): void {
    this.#endFeed?.()
    this.#endFeed = undefined
    this.#isConnected = false
    this.#tryAgain()
  }

  #tryAgain(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    const millis = this.#again
    this.#again = Math.min(millis * 2, AGAIN_MILLIS_MAX)
    this.#world.after(millis, () => {
      this.#isWaiting = false
      void this.start()
    })
  }

  #outcomeOf({ path }: DaemonRequest, answer: LocalAnswer): Outcome {
    const { json, status } = answer
    if (status < 300) {
      this.#again = AGAIN_MILLIS_MIN
      return "taken"
    }
    if (status >= 500 || status === 429) return "away"
    const isOfSession = path.startsWith("/v1/sessions/") && SESSION_LOST.has(status)
    if (!isOfSession && textIn(json, "code") !== "session_not_found") {
      return { refused: reasonOf(answer) }
    }
    if (this.#isConnected) this.#disconnected()
    return "away"
  }

  #sayOnce(line: string): void {
    if (this.#said !== line) this.#world.say(line)
    this.#said = line
  }
}

/** Asked about the session itself, a daemon that knows neither it nor its token answers so. */
const SESSION_LOST: ReadonlySet<number> = new Set([401, 403, 404])

function reasonOf({ json, status }: LocalAnswer): string {
  return textIn(json, "message") ?? `the daemon answered ${status}`
}

function textIn(json: unknown, name: string): string | undefined {
  if (typeof json !== "object" || json === null) return undefined
  const value = new Map<string, unknown>(Object.entries(json)).get(name)
  return typeof value === "string" ? value : undefined
}
