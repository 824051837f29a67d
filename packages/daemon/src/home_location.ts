/**
 * Says where a home is, by the environment. Knows nothing of what is there.
 *
 * Apart from everything with a runtime: it is also asked by processes that start in milliseconds.
 *
 * @module
 */

/** Where a home is, and the socket of its daemon. */
export interface HomeLocation {
  readonly directory: string
  readonly socket: string
}

/** What decides: `CLAUDEMESH_HOME` and `CLAUDEMESH_SOCKET`, empty where they are not set, and the user's own directory. */
export interface HomeSettings {
  readonly home: string
  readonly socket: string
  readonly user: string
}

/** The home that was set, else `~/.claudemesh`. */
export function locateHome({ home, socket, user }: HomeSettings): HomeLocation {
  const directory = home === "" ? `${user}/.claudemesh` : home.replace(/(?<=.)\/+$/, "")
  return { directory, socket: socket === "" ? socketIn(directory) : socket }
}

/** Where the daemon of a home listens unless told otherwise. */
export function socketIn(directory: string): string {
  return `${directory}/run/daemon.sock`
}
