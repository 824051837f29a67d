/**
 * The version of this build, as `status` and `--version` say it.
 *
 * @module
 */
import manifest from "../package.json" with { type: "json" }

/** The version in the package's manifest. */
export const DAEMON_VERSION = manifest.version
