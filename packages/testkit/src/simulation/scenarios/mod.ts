/**
 * All scenarios of the fault catalogue.
 *
 * @module
 */
import type { CatalogueScenario } from "./catalogue_scenario.ts"
import { cryptoScenarios } from "./crypto.ts"
import { networkScenarios } from "./network.ts"
import { processScenarios } from "./process.ts"
import { storageScenarios } from "./storage.ts"
import { timeScenarios } from "./time.ts"

export * from "./catalogue.ts"
export * from "./catalogue_scenario.ts"

/** Every scenario. */
export const scenarios: ReadonlyArray<CatalogueScenario> = [
  ...processScenarios,
  ...networkScenarios,
  ...storageScenarios,
  ...cryptoScenarios,
  ...timeScenarios
]
