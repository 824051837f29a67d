/**
 * Reads one line from a terminal, and not a byte of what is typed after it.
 *
 * The terminal's driver edits the line and hands over one at a time; we stop reading with the first. So
 * what somebody types ahead is there for the agent, and Ctrl-C is a signal as ever.
 *
 * @module
 */
import { Context, Effect, Option } from "effect"

const readLine = Effect.callback<Option.Option<string>>((resume) => {
  const { stdin } = process
  function stop() {
    stdin.pause()
    stdin.off("data", onData)
    stdin.off("end", onEnd)
  }
  function onData(bytes: Buffer) {
    stop()
    resume(Effect.succeedSome(bytes.toString().replace(/\r?\n$/, "")))
  }
  function onEnd() {
    stop()
    resume(Effect.succeedNone)
  }
  stdin.on("data", onData).on("end", onEnd).resume()
  return Effect.sync(stop)
})

/** The next line; nothing where there is none any more, as after Ctrl-D. */
export const TypedLine = Context.Reference<Effect.Effect<Option.Option<string>>>(
  "@claudemesh/tui/launch/typed_line/TypedLine",
  { defaultValue: () => readLine }
)
