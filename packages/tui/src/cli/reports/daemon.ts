/**
 * Reports of the daemon: what runs, and how it fares.
 *
 * @module
 */
import { DaemonStatus } from "@claudemesh/protocol/local_api"
import { Schema } from "effect"
import { type Page, pairs, toned } from "../page.ts"
import { itemReport } from "../report.ts"
import { safeLine } from "../terminal_text.ts"
import { ago, Time } from "../times.ts"
import { linkWord, MeshView, textOfMeshes } from "./mesh.ts"

const Running = Schema.Struct({
  ...DaemonStatus.fields,
  running: Schema.Literal(true),
  started_at: Time,
  meshes: Schema.Array(MeshView)
})
const Absent = Schema.Struct({
  running: Schema.Literal(false),
  home: Schema.String,
  socket: Schema.String,
  /** A daemon holds the home and does not answer. */
  unreachable: Schema.optionalKey(Schema.Struct({ pid: Schema.optionalKey(Schema.Int) }))
})

type Absent = typeof Absent.Type

/** The daemon, there or not. */
export const DaemonView = Schema.Union([Running, Absent])
export type DaemonView = typeof DaemonView.Type

const fields = [...new Set([...Object.keys(Running.fields), ...Object.keys(Absent.fields)])]

/** `status`: everything at a glance. */
export const status = itemReport({ kind: "status", schema: DaemonView, fields, text: textOfStatus })

/** `daemon.status`: the process. */
export const daemonStatus = itemReport({
  kind: "daemon.status",
  schema: DaemonView,
  fields,
  text: textOfDaemon
})

/** `daemon.started` */
export const daemonStarted = itemReport({
  kind: "daemon.started",
  schema: DaemonView,
  fields,
  text: textOfDaemon
})

const Stopped = Schema.Struct({ pid: Schema.optionalKey(Schema.Int), was_running: Schema.Boolean })

/** `daemon.stopped` */
export const daemonStopped = itemReport({
  kind: "daemon.stopped",
  schema: Stopped,
  fields: Object.keys(Stopped.fields),
  text: ({ pid, was_running }) =>
    was_running ? `Stopped the daemon (pid ${pid})` : "No daemon was running"
})

/** What needs a person: the daemon's notes, and meshes that are not connected. */
export function healthLines(view: DaemonView): ReadonlyArray<string> {
  if (!view.running) return []
  const links = view.meshes
    .filter(({ link }) => link.state === "offline" || link.state === "refused")
    .map(({ link, name, queued }) =>
      `${name} is ${linkWord(link)}${queued > 0 ? `; ${queued} queued here, safe` : ""}`
    )
  return [...view.health, ...links]
}

function textOfStatus(view: DaemonView, page: Page): string {
  const health = healthLines(view).map((line) =>
    toned(page, `# Health: ${safeLine(line)}`, "warning")
  )
  if (!view.running) return textOfDaemon(view, page)
  return [textOfMeshes(view.meshes, page), page.plain ? "" : textOfDaemon(view, page), ...health]
    .filter((part) => part !== "")
    .join(page.plain ? "\n" : "\n\n")
}

function textOfDaemon(view: DaemonView, page: Page): string {
  if (!view.running) return textOfAbsent(view, page)
  const { health: _, home, pid, sessions, started_at, version } = view
  return pairs(page, [
    [
      "daemon",
      page.plain
        ? "running"
        : `running, pid ${pid}, version ${version}, started ${ago(page.now, started_at)}`
    ],
    ["pid", page.plain ? String(pid) : undefined],
    ["home", home],
    ["sessions", sessions > 0 ? String(sessions) : undefined]
  ])
}

function textOfAbsent({ home, unreachable }: Absent, { plain }: Page): string {
  const where = safeLine(home)
  const pid = unreachable?.pid === undefined ? "" : `, pid ${unreachable.pid}`
  if (plain) return `${unreachable === undefined ? "not running" : "unreachable"}\t${where}`
  return unreachable === undefined
    ? `The daemon is not running (home ${where})`
    : `The daemon runs and cannot be reached (home ${where}${pid})`
}
