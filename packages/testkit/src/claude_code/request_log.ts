/**
 * The requests that came, in order, and those who wait for one.
 *
 * @module
 */
import { Effect } from "effect"
import type { ApiRequest, ReadRequest, RequestKind } from "./api_request.ts"
import { within } from "./within.ts"

/** Requests, as they come. */
export interface RequestLog {
  readonly all: () => ReadonlyArray<ApiRequest>
  readonly of: (kind: RequestKind) => ReadonlyArray<ApiRequest>
  /** Writes down a request and wakes who waits for it. */
  readonly add: (request: ReadRequest, arrivedMillis: number) => ApiRequest
  /** The first that fits, of those that came and those to come. A long wait is a defect, which lists what came. */
  readonly first: (fits: (request: ApiRequest) => boolean) => Effect.Effect<ApiRequest>
}

/** An empty log. */
export function makeRequestLog(): RequestLog {
  const all: Array<ApiRequest> = []
  const waiting = new Set<(request: ApiRequest) => void>()

  function of(kind: RequestKind) {
    return all.filter((request) => request.kind === kind)
  }

  function add(read: ReadRequest, arrivedMillis: number) {
    const request = { ...read, number: of(read.kind).length, arrivedMillis }
    all.push(request)
    for (const hear of waiting) hear(request)
    return request
  }

  function coming(fits: (request: ApiRequest) => boolean) {
    return Effect.callback<ApiRequest>((resume) => {
      function hear(request: ApiRequest) {
        if (fits(request)) resume(Effect.succeed(request))
      }
      for (const request of all) hear(request)
      waiting.add(hear)
      return Effect.sync(() => waiting.delete(hear))
    })
  }

  return {
    all: () => [...all],
    of,
    add,
    first: (fits) => within(coming(fits), () => `No such request came; there were: ${listOf(all)}`)
  }
}

function listOf(requests: ReadonlyArray<ApiRequest>): string {
  return requests.map(({ kind, method, number, path }) => `${method} ${path} (${kind} ${number})`)
    .join(", ")
}
