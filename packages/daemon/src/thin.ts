/**
 * The door for processes that start in milliseconds: where the daemon is, one request to it, and names made
 * harmless. Nothing behind it loads Effect or a schema.
 *
 * @module
 */
export { nameText } from "./carriers/peer_text_names.ts"
export { quoted } from "./install/plugin_files.ts"
export { type HomeLocation, locateHome } from "./home_location.ts"
export { ask } from "./mcp/local_http.ts"
export { receiveWaiters, waitAt, waiterSocketOf } from "./mcp/waiter_socket.ts"
export { WAITER_KINDS, type WaiterKind, WaitingRoom } from "./mcp/waiting_room.ts"
