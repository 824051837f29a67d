/**
 * What a bench answers with: a table to read, and its figures to keep.
 *
 * @module
 */

/** The outcome of a bench. */
export interface Measured {
  readonly text: string
  /** By part; written as JSON beside those of other runs. */
  readonly figures: Readonly<Record<string, unknown>>
}
