/**
 * The door to the daemon: its home, itself as one layer, and the client that talks to it.
 *
 * @module
 */
export { layerDaemon } from "./daemon.ts"
export { daemonHolder } from "./daemon_lock.ts"
export { brokerDataIn, Home, homeDirectory, type HomeLocation } from "./home.ts"
export { PLUGIN_NAME, pluginFiles, type PluginParts } from "./install/plugin_files.ts"
export { Daemon } from "./local_api/client.ts"
export { Shutdown } from "./shutdown.ts"
