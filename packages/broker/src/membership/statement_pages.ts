/**
 * Cuts a row of statements into pages that fit a frame.
 *
 * @module
 */
import { limits, type Statement } from "@claudemesh/protocol"

/** Room in a frame for what stands around the statements. */
const FRAME_MARGIN_BYTES = 1_024

/** Pages of at most so many statements and bytes, in order; no page is empty. */
export function statementPages(
  statements: ReadonlyArray<Statement>
): ReadonlyArray<ReadonlyArray<Statement>> {
  const pages: Array<Array<Statement>> = []
  let room = 0
  for (const statement of statements) {
    const bytes = JSON.stringify(statement).length
    const page = pages.at(-1)
    if (page === undefined || page.length === limits.statementsPerFrameMax || bytes > room) {
      pages.push([statement])
      room = limits.frameBytesMax - FRAME_MARGIN_BYTES - bytes
    } else {
      page.push(statement)
      room -= bytes
    }
  }
  return pages
}
