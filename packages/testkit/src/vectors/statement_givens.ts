/**
 * The logs that vectors of statements follow, and the form of such a vector.
 *
 * @module
 */
import { Statement } from "@claudemesh/protocol"
import { Schema } from "effect"
import {
  appended,
  type MadeMember,
  type MadeMesh,
  makeMember,
  makeMesh,
  type Offered,
  revocationOf,
  withOffer
} from "../made_mesh.ts"
import type { Case } from "./vector_set.ts"

/** A log of the givens, by name, and what is appended to it. */
export const StatementInput = Schema.Struct({ log: Schema.String, append: Schema.Array(Statement) })
export type StatementInput = typeof StatementInput.Type
export type StatementCase = Case<StatementInput>

/** What is appended to the log of that name. */
export function after(log: string, ...append: ReadonlyArray<Statement>): StatementInput {
  return { log, append }
}

/** The meshes that the cases begin with, and somebody who may join. */
export interface Givens {
  readonly home: MadeMesh
  readonly offered: Offered
  readonly left: MadeMesh
  readonly open: MadeMesh
  readonly eve: MadeMember
}

/** Makes them from their seeds. */
export function makeGivens(): Givens {
  const home = makeMesh("statement vectors", ["ada", "bob"])
  return {
    home,
    offered: withOffer(home),
    left: appended(home, revocationOf(home, "ada", "bob")),
    open: makeMesh("open statement vectors", ["ada", "bob"], { invite: "member" }),
    eve: makeMember("eve", home.bytes)
  }
}
