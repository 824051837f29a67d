/**
 * The local API, group `sessions`: the agent runs of this machine.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Millis } from "../encodings.ts"
import { RefusedOverHttp } from "../errors.ts"
import { SessionId } from "../ids.ts"

/** What an agent run says of itself. Its process is watched: when it ends, so does the session. */
export const RegisterSession = Schema.Struct({
  /** The agent's own session id where it has one; the same id again resumes it. */
  id: Schema.optionalKey(SessionId),
  name: Schema.String,
  cwd: Schema.String,
  agent: Schema.optionalKey(Schema.String),
  pid: Schema.Int
})

/** An agent run of this machine. */
export const Session = Schema.Struct({
  id: SessionId,
  name: Schema.String,
  cwd: Schema.String,
  agent: Schema.optionalKey(Schema.String),
  pid: Schema.Int,
  started_at: Millis
})
export type Session = typeof Session.Type

/** A registered session, and the 0600 file with its token. */
export const RegisteredSession = Schema.Struct({ ...Session.fields, token_file: Schema.String })

/** The agent runs of this machine. */
export const SessionsApi = HttpApiGroup.make("sessions").add(
  HttpApiEndpoint.get("list", "/v1/sessions", {
    success: Schema.Struct({ items: Schema.Array(Session) }),
    error: RefusedOverHttp
  }),
  HttpApiEndpoint.post("register", "/v1/sessions", {
    payload: RegisterSession,
    success: RegisteredSession,
    error: RefusedOverHttp
  }),
  HttpApiEndpoint.post("end", "/v1/sessions/:id/end", {
    params: { id: SessionId },
    success: Session,
    error: RefusedOverHttp
  })
)
