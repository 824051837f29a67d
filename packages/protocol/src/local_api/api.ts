/**
 * The local API: what a daemon offers to this machine over its Unix socket.
 *
 * Handlers, client and OpenAPI document are all computed from it.
 *
 * @module
 */
import { HttpApi } from "effect/http-api"
import { CallerScope } from "./caller.ts"
import { CallsApi } from "./calls.ts"
import { DaemonApi } from "./daemon.ts"
import { EventsApi } from "./events.ts"
import { InvitesApi } from "./invites.ts"
import { MeshesApi } from "./meshes.ts"
import { MessagesApi } from "./messages.ts"
import { OutboxApi } from "./outbox.ts"
import { RosterApi } from "./roster.ts"
import { SearchApi } from "./search.ts"
import { SessionsApi } from "./sessions.ts"
import { SurfacingApi } from "./surfacing.ts"

/** The table of local endpoints. */
export const LocalApi = HttpApi.make("claudemesh").add(
  DaemonApi,
  MeshesApi,
  InvitesApi,
  RosterApi,
  CallsApi,
  MessagesApi,
  OutboxApi,
  SearchApi,
  SessionsApi,
  SurfacingApi,
  EventsApi
).middleware(CallerScope)

export * from "./arrived.ts"
export * from "./caller.ts"
export * from "./calls.ts"
export * from "./daemon.ts"
export * from "./events.ts"
export * from "./invites.ts"
export * from "./meshes.ts"
export * from "./messages.ts"
export * from "./outbox.ts"
export * from "./pages.ts"
export * from "./roster.ts"
export * from "./search.ts"
export * from "./session_groups.ts"
export * from "./sessions.ts"
export * from "./surfacing.ts"
