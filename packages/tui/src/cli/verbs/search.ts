/**
 * `claudemesh search`: finds messages of this machine by their words.
 *
 * @module
 */
import { pageSizes } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { durationFlag, fromFlag, given, limitFlag, sinceRef } from "../flags.ts"
import { Mesh, meshRef } from "../global_flags.ts"
import { homeWarnings } from "../home_warnings.ts"
import { LocalDaemon } from "../local_daemon.ts"
import { Output } from "../output.ts"
import { searchList } from "../reports/search.ts"
import { declared } from "../verb.ts"

export const search = Command.make(
  "search",
  {
    words: Argument.String("word").pipe(
      Argument.withDescription("Words that must all be there, \"a phrase\", or a beginning*"),
      Argument.variadic({ min: 1 })
    ),
    from: fromFlag,
    since: durationFlag("since", "Only what was sent or received in so long: 1h, 7d"),
    limit: limitFlag(pageSizes.search)
  },
  Effect.fn("search")(function*({ from, limit, since, words }) {
    const daemon = yield* (yield* LocalDaemon).started
    const query = {
      words: words.join(" "),
      ...meshRef(yield* Mesh),
      ...given({ from }),
      ...(yield* sinceRef(since)),
      limit
    }
    const { items, more } = yield* daemon.search.messages({ query })
    const newest = items.at(-1)
    yield* (yield* Output).print(searchList, { items, page: { more } }, {
      warnings: yield* homeWarnings(daemon),
      next: newest === undefined
        ? []
        : [{ cmd: `claudemesh message show ${newest.message.id}`, why: "the newest, whole" }]
    })
  })
).pipe(
  declared({
    description: "Find messages by their words, sent and received, the newest last",
    examples: [
      { command: "claudemesh search deploy failed", description: "Both words, anywhere in it" },
      { command: "claudemesh search '\"disk full\"' --since 7d", description: "A phrase, lately" },
      { command: "claudemesh search 'mig*' --from ada --json", description: "For a program" }
    ],
    report: searchList
  })
)
