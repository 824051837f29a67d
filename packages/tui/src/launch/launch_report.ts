/**
 * What a launch is about to do: one line for people, everything for who asks with `--dry-run`.
 *
 * @module
 */
import { Capabilities, MeshId, MessageMode, Name } from "@claudemesh/protocol"
import { groupText } from "@claudemesh/protocol/groups_text"
import { SessionGroups } from "@claudemesh/protocol/local_api"
import { Schema } from "effect"
import { itemReport } from "../cli/report.ts"
import { word } from "../cli/shell_word.ts"
import { safeLine } from "../cli/terminal_text.ts"

/** How many of those who are online are named, and how many groups. */
const NAMED_MAX = 4

/** A launch. */
const Launch = Schema.Struct({
  agent: Schema.String,
  /** Absent, as the session was called before. */
  name: Schema.optionalKey(Name),
  mesh: Schema.optionalKey(MeshId),
  mesh_name: Schema.optionalKey(Schema.String),
  mode: Schema.optionalKey(MessageMode),
  role: Schema.optionalKey(Name),
  groups: Schema.optionalKey(SessionGroups),
  /** What it is limited to; absent, nothing is said of it. */
  caps: Schema.optionalKey(Capabilities),
  /** How messages are expected to reach it. */
  carrier: Schema.String,
  /** What keeps them from coming now. */
  trouble: Schema.optionalKey(Schema.String),
  online: Schema.Array(Schema.String),
  unread: Schema.Int,
  command: Schema.Array(Schema.String),
  environment: Schema.Record(Schema.String, Schema.String)
})
export type Launch = typeof Launch.Type

/** `launch`: with the command as a shell takes it. */
export const launchReport = itemReport({
  kind: "launch",
  schema: Launch,
  fields: Object.keys(Launch.fields),
  text: (launch) => `${lineOf(launch)}\n${commandLine(launch)}`
})

/** The line before an agent starts. */
export function lineOf(launch: Launch): string {
  const { carrier, mesh_name, name = "the resumed session", online, trouble, unread } = launch
  return [
    mesh_name === undefined ? name : `${name} in ${mesh_name}`,
    ...part(launch),
    trouble ?? carrier,
    ...(trouble === undefined ? [whoIsOnline(online)] : []),
    ...(unread > 0 ? [`${unread} unread`] : [])
  ].map(safeLine).join(" · ")
}

/** What it does, in which groups, and what it is limited to. */
function part({ caps, groups = [], role }: Launch): ReadonlyArray<string> {
  return [
    ...(role === undefined ? [] : [role]),
    ...(groups.length === 0 ? [] : [`groups: ${names(groups.map(groupText))}`]),
    ...(caps === undefined ? [] : [`may only: ${caps.join(", ")}`])
  ]
}

function whoIsOnline(online: ReadonlyArray<string>): string {
  return online.length === 0 ? "nobody else online" : `online: ${names(online)}`
}

function names(online: ReadonlyArray<string>): string {
  const rest = online.length - NAMED_MAX
  const named = online.slice(0, NAMED_MAX).join(", ")
  return rest > 0 ? `${named} and ${rest} more` : named
}

function commandLine({ command, environment }: Launch): string {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${word(value)}`)
  return [...settings, ...command.map(word)].join(" ")
}
