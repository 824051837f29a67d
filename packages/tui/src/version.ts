/**
 * The version of this executable.
 *
 * @module
 */

/** As in package.json; a test holds them together. */
export const VERSION = "0.1.0"
