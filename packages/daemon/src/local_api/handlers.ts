/**
 * The handlers of the local API, a file per group: each calls a service with decoded input and shows what it answers.
 *
 * @module
 */
import { Layer } from "effect"
import * as CallerScope from "./caller_scope.ts"
import { callsHandlers } from "./handlers/calls.ts"
import { daemonHandlers } from "./handlers/daemon.ts"
import { eventsHandlers } from "./handlers/events.ts"
import { invitesHandlers } from "./handlers/invites.ts"
import { meshesHandlers } from "./handlers/meshes.ts"
import { messagesHandlers } from "./handlers/messages.ts"
import { outboxHandlers } from "./handlers/outbox.ts"
import { rosterHandlers } from "./handlers/roster.ts"
import { searchHandlers } from "./handlers/search.ts"
import { sessionsHandlers } from "./handlers/sessions.ts"
import { surfacingHandlers } from "./handlers/surfacing.ts"

/** The handlers of all groups. */
export const layer = Layer.mergeAll(
  daemonHandlers,
  meshesHandlers,
  invitesHandlers,
  rosterHandlers,
  callsHandlers,
  messagesHandlers,
  searchHandlers,
  outboxHandlers,
  sessionsHandlers,
  surfacingHandlers,
  eventsHandlers
).pipe(Layer.provideMerge(CallerScope.layer))
