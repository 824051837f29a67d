/**
 * A daemon in memory, as a hot verb sees it: answers what a test says, and keeps what was asked.
 *
 * @module
 */
import type { HotDaemon } from "../hot_daemon.ts"
import type { Members } from "../input.ts"

/** What is served, and what was posted. */
export interface PlayedDaemon extends HotDaemon {
  readonly posted: ReadonlyArray<string>
}

/** Serves those answers by their paths; whatever else is asked is not answered. */
export function playedDaemon(answers: Readonly<Record<string, Members>>): PlayedDaemon {
  const posted: Array<string> = []
  return {
    posted,
    get: (path) => {
      const answer = answers[path]
      return answer === undefined
        ? Promise.reject(new Error(`nothing at ${path}`))
        : Promise.resolve(answer)
    },
    post: (path) => {
      posted.push(path)
      return Promise.resolve()
    }
  }
}

/** A mesh as `/v1/status` tells of it. */
export function meshNamed(name: string, otherwise: Members = {}): Members {
  return {
    mesh: `m_${name}xxxxxx`,
    name,
    current: false,
    unread: 0,
    link: { state: "attached" },
    ...otherwise
  }
}

/** A session as `/v1/sessions` tells of it. */
export function sessionNamed(name: string, otherwise: Members = {}): Members {
  return { id: `id-of-${name}`, name, pid: 7, mesh: "m_homexxxxxx", ...otherwise }
}

/** A daemon of those meshes and sessions. */
export function daemonOf(
  meshes: ReadonlyArray<Members>,
  sessions: ReadonlyArray<Members> = [],
  held: ReadonlyArray<Members> = []
): PlayedDaemon {
  return playedDaemon({
    "/v1/status": { meshes },
    "/v1/sessions": { items: sessions },
    "/v1/held": { items: held }
  })
}

/** A shell in which nobody has chosen anything. */
export const nowhere = { ids: [], pid: 1, mesh: "" } as const
