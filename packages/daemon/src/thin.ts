/**
 * The door for processes that start in milliseconds: where the daemon is, one request to it, and names made
 * harmless. Nothing behind it loads Effect or a schema.
 *
 * @module
 */
export { nameText } from "./carriers/peer_text_names.ts"
export { type HomeLocation, locateHome } from "./home_location.ts"
export { ask } from "./mcp/local_http.ts"
