/**
 * The real broker and the real daemon, for simulated worlds.
 *
 * @module
 */
import { simulatedBroker } from "@claudemesh/broker/simulation"
import { simulatedDaemon } from "@claudemesh/daemon/simulation"
import type { Programs } from "@claudemesh/testkit/simulation"

/** Both programs. */
export const programs: Programs = { broker: simulatedBroker, daemon: simulatedDaemon }
