/**
 * Checks the broker of each mesh: how we are connected, whether it serves, whose clock is off.
 *
 * @module
 */
import { BrokerVersion } from "@claudemesh/protocol"
import type { MeshStatus } from "@claudemesh/protocol/local_api"
import { Clock, Effect, Option, Schema } from "effect"
import { isLoopback } from "../cli/own_address.ts"
import { word } from "../cli/shell_word.ts"
import { duration } from "../cli/times.ts"
import { failed, type Finding, type Fix, ok, skipped, warning } from "./finding.ts"
import { Machine, withDaemon } from "./machine.ts"

const ANSWER_SECONDS_MAX = 3

/** Certificates and invites are judged by the clock. */
const CLOCK_MILLIS_MAX = 5 * 60_000

/** The broker of each mesh. */
export const brokers = withDaemon(({ status }) =>
  status.meshes.length === 0
    ? Effect.succeed([
      skipped("no mesh yet: claudemesh up makes one, claudemesh join LINK enters one")
    ])
    : Effect.forEach(status.meshes, lookAtBroker, { concurrency: 8 })
)

const lookAtBroker = Effect.fnUntraced(function*(mesh: MeshStatus) {
  const [serves, version] = yield* Effect.all(
    [answer(`${mesh.broker}/readyz`), answer(`${mesh.broker}/version`)],
    { concurrency: 2 }
  )
  const now = yield* Clock.currentTimeMillis
  const seen: SeenBroker = {
    serves: serves?.status === 200,
    answers: serves !== undefined || version !== undefined,
    version: version === undefined ? undefined : versionIn(version),
    clockMillis: clockOf(serves ?? version, now)
  }
  return { ...brokerFinding(mesh, seen), of: mesh.name }
})

/** A broker, as it answered. */
export interface SeenBroker {
  readonly answers: boolean
  readonly serves: boolean
  readonly version: string | undefined
  /** How far its clock is ahead of ours. */
  readonly clockMillis: number | undefined
}

/** What there is to say of a broker. */
export function brokerFinding({ broker, link }: MeshStatus, seen: SeenBroker): Finding {
  const restart = restartOf(broker)
  if (!seen.answers) {
    return failed(`${broker} does not answer within ${ANSWER_SECONDS_MAX} s`, restart)
  }
  if (seen.version === undefined) {
    return failed(`something else than a broker answers at ${broker}`, restart)
  }
  if (!seen.serves) return failed(`${broker} answers, and does not serve`, restart)
  if (link.state !== "attached") return linkFinding(broker, link)
  const { clockMillis = 0 } = seen
  if (Math.abs(clockMillis) > CLOCK_MILLIS_MAX) {
    const off = `${duration(Math.abs(clockMillis))} ${clockMillis > 0 ? "ahead of" : "behind"}`
    return warning(`the clock of ${broker} is ${off} ours`, {
      cmd: "timedatectl set-ntp true",
      why: "if ours is wrong; what was said when is told by it"
    })
  }
  return ok(`${broker} serves, version ${seen.version}, connected`)
}

function linkFinding(broker: string, { message, state }: MeshStatus["link"]): Finding {
  const reason = message === undefined ? "" : `: ${message}`
  const fix = { cmd: "claudemesh status", why: "see whether it has connected by now" }
  return state === "connecting"
    ? warning(`${broker} serves, and we are just connecting`, fix)
    : failed(`${broker} serves, and we are ${state}${reason}`, {
      cmd: "claudemesh daemon stop",
      why: "the next verb starts another, which connects anew"
    })
}

function restartOf(broker: string): Fix {
  return isLoopback(broker)
    ? { cmd: "claudemesh up", why: "serve the broker of this machine" }
    : {
      cmd: `curl -i ${word(`${broker}/readyz`)}`,
      why: "see what stands in the way; messages are kept"
    }
}

/** What was answered, in whole; nothing where none comes in time. */
const answer = Effect.fnUntraced(function*(url: string) {
  const { http } = yield* Machine
  return yield* http.get(url).pipe(
    Effect.flatMap((response) =>
      Effect.map(response.text, (text): Answer => ({
        status: response.status,
        at: Date.parse(response.headers["date"] ?? ""),
        text
      }))
    ),
    Effect.timeout(`${ANSWER_SECONDS_MAX} seconds`),
    Effect.orElseSucceed(() => undefined)
  )
})

interface Answer {
  readonly status: number
  /** When it was answered by the broker's clock; NaN where it does not say. */
  readonly at: number
  readonly text: string
}

const Version = Schema.fromJsonString(Schema.Struct({
  name: BrokerVersion.fields.name,
  version: Schema.String
}))

function versionIn({ text }: Answer): string | undefined {
  return Option.getOrUndefined(Schema.decodeOption(Version)(text))?.version
}

function clockOf(answer: Answer | undefined, now: number): number | undefined {
  return answer === undefined || Number.isNaN(answer.at) ? undefined : answer.at - now
}
