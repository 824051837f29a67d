/**
 * The door to what looks at everything and says what mends it.
 *
 * @module
 */
export { examine } from "./doctor.ts"
