/**
 * The real broker and the real daemon, for tests of the harness.
 *
 * @module
 */
import { simulatedBroker } from "@claudemesh/broker/simulation"
import { simulatedDaemon } from "@claudemesh/daemon/simulation"
import type { Programs } from "../parts.ts"

/** Both programs. */
export const programs: Programs = { broker: simulatedBroker, daemon: simulatedDaemon }
