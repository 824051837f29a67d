/**
 * Flags that every verb takes, declared once.
 *
 * @module
 */
import { Config, Option } from "effect"
import { Flag, GlobalFlag } from "effect/cli"

/** One JSON document on stdout; a list of names chooses its fields. Read by `argv.ts` before the parser runs. */
export const Json = GlobalFlag.Setting("json")({
  flag: Flag.String("json").pipe(
    Flag.withOptionalValue("all"),
    Flag.withMetavar("FIELDS"),
    Flag.withDescription(
      "One JSON document, errors too; with names, only those fields; --json=? lists them"
    ),
    Flag.optional
  )
})

/** The mesh a verb is about: the flag, else `CLAUDEMESH_MESH`, else the current one. */
export const Mesh = GlobalFlag.Setting("mesh")({
  flag: Flag.String("mesh").pipe(
    Flag.withAlias("m"),
    Flag.withMetavar("NAME"),
    Flag.withDescription(
      "Which mesh, by name or id prefix (default: CLAUDEMESH_MESH, else the current one)"
    ),
    Flag.withFallbackConfig(Config.String("CLAUDEMESH_MESH")),
    Flag.optional,
    Flag.map(Option.filter((name) => name !== ""))
  )
})

/** The part of a request that names the mesh; nothing where none was named. */
export function meshRef(mesh: Option.Option<string>): { readonly mesh?: string } {
  return Option.match(mesh, { onNone: () => ({}), onSome: (mesh) => ({ mesh }) })
}
