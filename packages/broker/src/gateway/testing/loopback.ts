/**
 * Connects a test to the gateway without a socket.
 *
 * @module
 */
import { Effect } from "effect"
import type { Connection } from "../connection.ts"
import { Gateway } from "../gateway.ts"
import { Inbox, type Wire } from "./wire.ts"

/** A wire whose far end can be looked at and made slow. */
export interface Loopback extends Wire {
  readonly connection: Connection
  /** What the broker did to the transport. */
  readonly state: { bufferedBytes: number; isPaused: boolean; isTerminated: boolean; pings: number }
}

/** The origin under which tests reach the broker. */
export const LOOPBACK_ORIGIN = "http://127.0.0.1:7843"

/** Opens a connection; it stays open until one side closes it. */
export const connectLoopback: Effect.Effect<Loopback, never, Gateway> = Effect.gen(function*() {
  const gateway = yield* Gateway
  const inbox = new Inbox()
  const state = { bufferedBytes: 0, isPaused: false, isTerminated: false, pings: 0 }
  const link = {
    send: (text: string) => inbox.arrived(text),
    close: (code: number, reason: string) => inbox.closed({ code, reason }),
    terminate: () => {
      state.isTerminated = true
      inbox.closed({ code: 1006, reason: "" })
    },
    bufferedBytes: () => state.bufferedBytes,
    pause: () => void (state.isPaused = true),
    resume: () => void (state.isPaused = false),
    ping: () => void (state.pings += 1)
  }
  const connection = yield* gateway.open({ link, origin: LOOPBACK_ORIGIN })
  return {
    inbox,
    state,
    connection,
    send: (text) => connection.receive(text),
    close: () => connection.closed()
  }
})
