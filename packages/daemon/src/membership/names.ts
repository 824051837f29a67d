/**
 * Names of people, machines and meshes: what is allowed, and what to propose where none was given.
 *
 * @module
 */
import { Name, type Refused, refused } from "@claudemesh/protocol"
import { Effect, Schema } from "effect"
import { hostname, userInfo } from "node:os"

const isName = Schema.is(Name)

/** The name as it was typed, in lower case; refused if it is none. */
export function checkName(
  what: "mesh" | "member" | "device",
  typed: string
): Effect.Effect<string, Refused> {
  const name = typed.trim().toLowerCase()
  if (isName(name)) return Effect.succeed(name)
  return Effect.fail(
    refused("bad_name", `Cannot use ${JSON.stringify(typed.slice(0, 64))} as a ${what} name`)
  )
}

/** The nearest allowed name to any text; `fallback` if nothing of it can stay. */
export function slug(text: string, fallback: string): string {
  const name = text.toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/^[^a-z0-9]+/, "").slice(
    0,
    32
  )
  return isName(name) ? name : fallback
}

/** The wanted name, or the first of `name-2`, `name-3`, … that none of the others has. */
export function freeName(
  wanted: string,
  others: ReadonlyArray<{ readonly name: string }>
): string {
  const taken = new Set(others.map(({ name }) => name))
  let name = wanted
  for (let count = 2; taken.has(name); count++) name = `${wanted.slice(0, 28)}-${count}`
  return name
}

/** The user of this process, as a member's name. */
export const defaultMemberName = Effect.sync(() => {
  try {
    return slug(userInfo().username, "me")
  } catch {
    return "me" // a user id without an account
  }
})

/** This machine, as a device's name. */
export const defaultDeviceName = Effect.sync(() => slug(hostname().split(".")[0] ?? "", "device"))
