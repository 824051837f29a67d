/**
 * The door to what claudemesh puts beside an agent's client, and takes away again.
 *
 * @module
 */
export { applyInstall, type InstallRequest, planInstall } from "./install.ts"
export { type FileChange } from "./file_change.ts"
export {
  type Executable,
  pipeArguments,
  PLUGIN_NAME,
  pluginFiles,
  type PluginParts,
  quoted
} from "./plugin_files.ts"
export { uninstall } from "./uninstall.ts"
