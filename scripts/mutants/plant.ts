/**
 * Plants one mutant while a process loads its sources: `node --import ./scripts/mutants/plant.ts …` with `MUTANT` set.
 *
 * The files stay as they are. A mutant whose text is not there, or more than
 * once, ends the process: code that moved must take its mutants along.
 *
 * @module
 */
import { registerHooks } from "node:module"
import { mutants } from "./table.ts"

const name = process.env["MUTANT"] ?? ""
const mutant = mutants[name]
if (mutant === undefined) {
  throw new Error(`Cannot plant mutant "${name}": the table has no such row`)
}
const target = new URL(`../../${mutant.file}`, import.meta.url).href

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (url !== target) return loaded
    if (loaded.source === undefined) {
      throw new Error(`Cannot plant mutant "${name}": no text of "${url}"`)
    }
    return { ...loaded, source: mutated(textOf(loaded.source)) }
  }
})

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray): string {
  return typeof source === "string" ? source : new TextDecoder().decode(source)
}

function mutated(text: string): string {
  const parts = text.split(mutant?.find ?? "")
  if (parts.length !== 2) {
    throw new Error(
      `Cannot plant mutant "${name}": its text is ${parts.length - 1} times in "${mutant?.file}"`
    )
  }
  return parts.join(mutant?.replace)
}
