/**
 * The door of the broker: as one layer for a program, and in parts for whoever brings other links, stores or clocks.
 *
 * @module
 */
export * as Broker from "./broker.ts"
export { BrokerLimits, type BrokerLimitValues, defaultBrokerLimits } from "./broker_limits.ts"
export { BrokerAddress, type BrokerOptions, layerBroker } from "./broker_server.ts"
export { type Connection } from "./gateway/connection.ts"
export { Gateway, type Opening } from "./gateway/gateway.ts"
export { type Link } from "./gateway/link.ts"
export { Meshes } from "./membership/meshes.ts"
export * as SqliteStores from "./store/sqlite/database.ts"
