/**
 * The door to launching: an agent by its name, started as a peer in this terminal.
 *
 * @module
 */
export { launchNamed } from "./launch.ts"
