/**
 * Puts the symbolic libsodium in the place of the real one, for the whole process: `node --import @claudemesh/testkit/symbolic_crypto`.
 *
 * To be imported before the protocol is. Nothing that is shipped imports the
 * testkit, and the protocol knows nothing of this.
 *
 * @module
 */
import { registerHooks } from "node:module"

const REAL = new URL("./sodium.ts", import.meta.resolve("@claudemesh/protocol/crypto")).href
const SYMBOLIC = new URL("./sodium.ts", import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context)
    return found.url === REAL ? { ...found, url: SYMBOLIC } : found
  }
})
