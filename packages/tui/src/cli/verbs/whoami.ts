/**
 * `claudemesh whoami`: who this device is in the mesh.
 *
 * @module
 */
import { MeshDetail } from "@claudemesh/protocol/local_api"
import { Effect, Schema, Struct } from "effect"
import { Command } from "effect/cli"
import { Mesh, meshRef } from "../global_flags.ts"
import { LocalDaemon } from "../local_daemon.ts"
import { Output } from "../output.ts"
import { pairs } from "../page.ts"
import { itemReport } from "../report.ts"
import { declared } from "../verb.ts"

const Whoami = Schema.Struct(
  Struct.pick(MeshDetail.fields, [
    "mesh",
    "name",
    "member",
    "member_id",
    "device",
    "device_id",
    "role",
    "broker"
  ])
)

/** `whoami` */
export const whoamiReport = itemReport({
  kind: "whoami",
  schema: Whoami,
  fields: Object.keys(Whoami.fields),
  text: ({ broker, device, device_id, member, member_id, mesh, name, role }, page) =>
    pairs(page, [
      ["you are", `${member}@${device}`],
      ["role", role],
      ["mesh", name],
      ["broker", broker],
      ["member id", member_id],
      ["device id", device_id],
      ["mesh id", mesh]
    ])
})

export const whoami = Command.make(
  "whoami",
  {},
  Effect.fn("whoami")(function*() {
    const daemon = yield* (yield* LocalDaemon).started
    const detail = yield* daemon.meshes.show({ query: meshRef(yield* Mesh) })
    yield* (yield* Output).print(whoamiReport, detail)
  })
).pipe(
  declared({
    description: "Say who this device is in the mesh",
    examples: [{
      command: "claudemesh whoami --mesh home",
      description: "In a mesh other than the current one"
    }],
    report: whoamiReport
  })
)
