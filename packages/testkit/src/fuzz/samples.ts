/**
 * Values that a schema takes, made from the schema itself and the same for the same seed.
 *
 * @module
 */
import { Arbitrary, Effect, Result, Schema } from "effect"
import type { Json } from "../mutations.ts"

/** A schema that asks for no service. */
export type PlainSchema = Schema.Codec<unknown, unknown>

/** Whether it is a schema; none of the protocol asks for a service. */
export function isPlainSchema(value: unknown): value is PlainSchema {
  return Schema.isSchema(value)
}

/** How many, how large, and from which seed. */
export interface SampleOptions {
  readonly seed: string
  readonly count: number
  /** The scale of texts and arrays; two makes an envelope of some kilobytes. */
  readonly size?: number
}

/** Values of the schema, as they travel. */
export function samplesOf(
  schema: PlainSchema,
  { count, seed, size = 2 }: SampleOptions
): ReadonlyArray<Json> {
  const sampling = Arbitrary.sampleEffect(Arbitrary.schema(schema), { seed, count, size })
  const encode = encoderOf(schema)
  return Effect.runSync(sampling).map((value) => toJson(encode(value)))
}

/** Writes values of the schema as they travel; what is none of its values is a defect. */
export function encoderOf(schema: PlainSchema): (value: unknown) => unknown {
  const encode = Schema.encodeUnknownResult(schema)
  return (value) => Result.getOrThrow(encode(value))
}

/** The value as JSON carries it; what JSON leaves out is gone. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value))
}
