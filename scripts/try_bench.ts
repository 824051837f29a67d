import { Effect } from "effect"
import { throughput } from "./bench/throughput.ts"
console.log((await Effect.runPromise(Effect.scoped(throughput))).text)
