/**
 * A set of published test vectors: how its cases are made, and how one of them is checked.
 *
 * A case states its outcome by hand (`ok`, or the code of a refusal); making the set fails if the code says otherwise.
 *
 * @module
 */
import type { Refused } from "@claudemesh/protocol"
import { Result, Schema } from "effect"
import { outcomeOf } from "../outcome.ts"

/** One vector as it is published. */
export const Vector = Schema.Struct({
  name: Schema.String,
  input: Schema.Json,
  expect: Schema.Struct({
    ok: Schema.optionalKey(Schema.Json),
    refused: Schema.optionalKey(Schema.String)
  })
})
export type Vector = typeof Vector.Type

/** A file of vectors: what it is about, what its inputs refer to, and the vectors. */
export const VectorFile = Schema.Struct({
  about: Schema.String,
  given: Schema.Json,
  vectors: Schema.Array(Vector)
})
export type VectorFile = typeof VectorFile.Type

/** One file of vectors. */
export interface VectorSet {
  /** Its name, without `.json`. */
  readonly file: string
  /** Makes all vectors from their seeds. */
  readonly make: () => VectorFile
  /** What the code answers to one vector of a file that was read. */
  readonly answer: (vector: Vector, given: Schema.Json) => Vector["expect"]
}

/** What code answers: something that JSON can say, or a code. */
export type Answer = Result.Result<Schema.Json, Refused | string>

/** Name, stated outcome, input. */
export type Case<Input> = readonly [name: string, outcome: string, input: Input]

/** What a set is made of. Inputs and givens are JSON already: their schemas only say their shape. */
export interface VectorSetOptions<Input, Given> {
  readonly file: string
  readonly about: string
  readonly input: Schema.Codec<Input, Schema.Json>
  readonly given: Schema.Codec<Given, Schema.Json>
  readonly cases: () => {
    readonly given: NoInfer<Given>
    readonly cases: ReadonlyArray<Case<NoInfer<Input>>>
  }
  readonly answer: (input: NoInfer<Input>, given: NoInfer<Given>) => Answer
}

/** Makes a set. */
export function vectorSet<Input, Given>(options: VectorSetOptions<Input, Given>): VectorSet {
  const { answer, cases, file } = options
  const readInput = Schema.decodeUnknownResult(options.input)
  const readGiven = Schema.decodeUnknownResult(options.given)
  const write = Schema.encodeUnknownResult(options.input)
  return {
    file,
    make: () => {
      const made = cases()
      const vectors = made.cases.map(([name, outcome, input]) => {
        const answered = answer(input, made.given)
        if (outcomeOf(answered) !== outcome) {
          throw new Error(`${file}: "${name}" should be ${outcome}, and is ${outcomeOf(answered)}`)
        }
        return { name, input: Result.getOrThrow(write(input)), expect: expectationOf(answered) }
      })
      const given = Result.getOrThrow(Schema.encodeUnknownResult(options.given)(made.given))
      return { about: options.about, given, vectors }
    },
    answer: ({ input }, given) =>
      expectationOf(
        answer(Result.getOrThrow(readInput(input)), Result.getOrThrow(readGiven(given)))
      )
  }
}

/** The answer of a check of one signature. */
export function signed(valid: boolean): Answer {
  return valid ? Result.succeed(null) : Result.fail("bad_signature")
}

function expectationOf(answer: Answer): Vector["expect"] {
  return Result.isSuccess(answer) ? { ok: answer.success } : { refused: outcomeOf(answer) }
}
