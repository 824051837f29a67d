/**
 * Many messages to one real client, and whether its requests bear out what the sender was told of each.
 *
 * @module
 */
import type { SentMessage } from "@claudemesh/protocol/local_api"
import { type ApiRequest, shownTexts, withoutClaude } from "@claudemesh/testkit/claude_code"
import { Config, Effect } from "effect"
import { type makeWorkplace, sendText, untilState } from "./claude_mesh.ts"
import type { Machine } from "./real_mesh.ts"

/** One of many. */
export interface Numbered {
  readonly id: SentMessage["id"]
  readonly text: string
}

/** Messages are accepted by a daemon so many at a time. */
const AT_ONCE = 10

/** Whether to go without tests of minutes: they run where `CLAUDEMESH_WITH_CLAUDE` asks for the real client. */
export function withoutSoak(): boolean {
  const isWanted = Config.withDefault(Config.Boolean("CLAUDEMESH_WITH_CLAUDE"), false)
  return withoutClaude() || !Effect.runSync(Effect.orDie(isWanted))
}

/** Sends so many messages, each with words of its own. */
export const sendMany = Effect.fnUntraced(function*(sender: Machine, name: string, count: number) {
  const texts = Array.from({ length: count }, (_, nth) => `${name}-${nth}-end`)
  return yield* Effect.forEach(
    texts,
    (text) => Effect.map(sendText(sender, "ada", text), (id): Numbered => ({ id, text })),
    { concurrency: AT_ONCE }
  )
})

/** Waits until the sender is told so of each. */
export function untilAll(
  sender: Machine,
  messages: ReadonlyArray<Numbered>,
  state: SentMessage["state"]
) {
  return Effect.forEach(messages, ({ id }) => untilState(sender, id, state), { concurrency: 5 })
}

/**
 * What does not fit, in a line each: a message that does not stand in the conversation once, one that somebody else
 * was shown, one of which its sender was told more than the requests show, or was told it too early.
 */
export const misfits = Effect.fnUntraced(function*(
  sender: Machine,
  { api }: Pick<Workplace, "api">,
  messages: ReadonlyArray<Numbered>
) {
  const told = yield* untilAll(sender, messages, "in_context")
  const main = api.mainRequests().map(asShown)
  const others = api.requests().filter(({ kind }) => kind !== "main").map(asShown)
  return messages.flatMap(({ text }, nth) => {
    const first = main.find((one) => timesIn(one, text) > 0)
    const at = told[nth]?.recipients[0]?.steps.find(({ state }) => state === "in_context")?.at ?? 0
    const faults = {
      "stands twice in a request": main.some((one) => timesIn(one, text) > 1),
      "is not in the last request": timesIn(main.at(-1), text) === 0,
      "was shown to somebody else": others.some((one) => timesIn(one, text) > 0),
      "was said to be there early": first === undefined || at < first.arrivedMillis
    }
    return Object.entries(faults).flatMap(([fault, is]) => is ? [`${text} ${fault}`] : [])
  })
})

type Workplace = Effect.Success<ReturnType<typeof makeWorkplace>>

interface Shown {
  readonly text: string
  readonly arrivedMillis: number
}

function asShown(request: ApiRequest): Shown {
  const text = shownTexts(request).map((one) => one.text).join("\n")
  return { text, arrivedMillis: request.arrivedMillis }
}

function timesIn(shown: Shown | undefined, text: string): number {
  return shown === undefined ? 0 : shown.text.split(text).length - 1
}
