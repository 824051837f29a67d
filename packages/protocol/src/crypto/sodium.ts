/**
 * Loads libsodium once, before anything that needs it runs.
 *
 * Its WASM takes some 50 ms to start, so only what seals or signs imports it.
 *
 * @module
 */
import sodium from "libsodium-wrappers"

await sodium.ready

/** libsodium, ready to use. */
export { sodium }
