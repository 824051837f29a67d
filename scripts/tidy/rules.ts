/**
 * The rules for source files, each beside files that break it.
 *
 * @module
 */
import { wrongArrows } from "./arrows.ts"
import { missingHeader, missingTests, wrongName } from "./files.ts"
import type { Findings, Source } from "./source.ts"
import { strayWords } from "./words.ts"

/** One rule. */
export interface Rule {
  readonly name: string
  readonly find: (sources: ReadonlyArray<Source>) => Findings
  /** Path and text of files that break it, each in one way. */
  readonly planted: ReadonlyArray<readonly [path: string, text: string]>
}

/** The table. */
export const rules: ReadonlyArray<Rule> = [
  {
    name: "every source says what it is for",
    find: (sources) => sources.flatMap(missingHeader),
    planted: [["packages/broker/src/x.ts", "/** Not a header. */\nexport const x = 1 // @module\n"]]
  },
  {
    name: "files are named for a thing, in snake_case",
    find: (sources) => sources.flatMap(wrongName),
    planted: [
      ["packages/broker/src/logs/logStore.ts", ""],
      ["packages/broker/src/logs/utils.ts", ""],
      ["packages/broker/src/shared/log.ts", ""],
      ["packages/broker/src/logs/helpers_test.ts", ""]
    ]
  },
  {
    name: "logic has its test beside it",
    find: missingTests,
    planted: [["packages/broker/src/x.ts", "export function x() {}\n"]]
  },
  {
    name: "imports follow the arrows",
    find: (sources) => sources.flatMap(wrongArrows),
    planted: [
      ["packages/protocol/src/x.ts", "import \"node:fs\""],
      ["packages/broker/src/x.ts", "import { a } from \"@claudemesh/daemon\""],
      ["packages/broker/src/y.ts", "const a = import(\"../../daemon/src/mod.ts\")"],
      ["packages/daemon/src/x.ts", "import sodium from \"libsodium-wrappers\""],
      ["packages/daemon/src/z.ts", "import { a } from \"./testing/made_daemon.ts\""],
      ["packages/daemon/src/y.ts", "export { a } from \"@claudemesh/testkit\""],
      ["packages/tui/src/screens/x.tsx", "import { a } from \"@claudemesh/broker\""]
    ]
  },
  {
    name: "clocks, chance, marks and machine paths stay out",
    find: (sources) => sources.flatMap(strayWords),
    planted: [
      "Date.now()",
      "Math.random()",
      "crypto.randomUUID()",
      "import { randomBytes } from \"node:crypto\"",
      "setTimeout(f, 1)",
      "process.env",
      "process.hrtime()",
      "console.log(1)",
      "it.effect.skip(\"is left out\", f)",
      "describe.only(\"stands alone\", f)",
      "// TODO later",
      "\"/home/someone/x\""
    ].map((text, index) => [`packages/broker/src/x${index}_test.ts`, text])
  }
]
