/**
 * The local API, group `sessions`: the agent runs of this machine, and what they are doing.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Millis } from "../encodings.ts"
import { RefusedOverHttp } from "../errors.ts"
import { MeshId, Name, SessionId } from "../ids.ts"
import { AgentStatus, Capabilities, Carrier, MessageMode, StatusSource } from "../vocabulary.ts"
import { Takes } from "./caller.ts"
import { MeshRef } from "./meshes.ts"
import { SessionGroups } from "./session_groups.ts"

/**
 * What an agent run says of itself. Its process is watched: when it ends, so does the session.
 *
 * The same id again resumes it, and what is not said now stays as it was.
 */
export const RegisterSession = Schema.Struct({
  /** The agent's own session id where it has one. */
  id: Schema.optionalKey(SessionId),
  /** Absent, the name of its directory; one that is taken gets a number. */
  name: Schema.optionalKey(Name),
  cwd: Schema.String,
  agent: Schema.optionalKey(Schema.String),
  pid: Schema.Int,
  /** Whose messages it takes; absent, the current mesh. */
  mesh: MeshRef,
  /** Absent, `push`. */
  mode: Schema.optionalKey(MessageMode),
  /** Whether it acts without asking a human first. */
  unprompted: Schema.optionalKey(Schema.Boolean),
  /** What it does, in a word. */
  role: Schema.optionalKey(Name),
  groups: Schema.optionalKey(SessionGroups),
  /**
   * What it is limited to; null for nothing. It counts of a process that begins or resumes the session: one
   * that says it again does not undo what the user has said since. With a session's token it is refused, and
   * what is registered with one has the limit of that session.
   */
  caps: Schema.optionalKey(Schema.NullOr(Capabilities))
})
export type RegisterSession = typeof RegisterSession.Type

/** An agent run of this machine. */
export const Session = Schema.Struct({
  id: SessionId,
  name: Name,
  cwd: Schema.String,
  agent: Schema.optionalKey(Schema.String),
  pid: Schema.Int,
  mesh: Schema.optionalKey(MeshId),
  mode: MessageMode,
  unprompted: Schema.Boolean,
  status: AgentStatus,
  /** The way by which messages reach it, as far as there is evidence. */
  carrier: Schema.optionalKey(Carrier),
  role: Schema.optionalKey(Name),
  /** Absent where it is in none. */
  groups: Schema.optionalKey(SessionGroups),
  /** What it is limited to; absent where it may do all that agents may. */
  caps: Schema.optionalKey(Capabilities),
  started_at: Millis,
  /** Absent while it runs; one that has ended can be resumed. */
  ended_at: Schema.optionalKey(Millis)
})
export type Session = typeof Session.Type

/** A registered session, and the 0600 file with its token. */
export const RegisteredSession = Schema.Struct({ ...Session.fields, token_file: Schema.String })

/**
 * What is new of an agent run; what is absent stays as it is.
 *
 * The push pipe of a session speaks with the same token as the agent itself, and cannot be told from it.
 */
export const ReviseSession = Schema.Struct({
  name: Schema.optionalKey(Name),
  mode: Schema.optionalKey(MessageMode),
  /**
   * Whether it acts without asking a human first. With a session's token that can be said, but not taken
   * back: it stays, as the answer shows, until the user says otherwise.
   */
  unprompted: Schema.optionalKey(Schema.Boolean),
  /** What it does, in a word; null for nothing that is said. */
  role: Schema.optionalKey(Schema.NullOr(Name)),
  /** All of its groups: an empty list takes it out of them. */
  groups: Schema.optionalKey(SessionGroups),
  /** What it is limited to; null for nothing. Only its user says so: with a session's token it is refused. */
  caps: Schema.optionalKey(Schema.NullOr(Capabilities)),
  carrier: Schema.optionalKey(Carrier),
  status: Schema.optionalKey(Schema.Struct({ is: AgentStatus, source: StatusSource })),
  /**
   * Whether a human has just spoken to it: for two agents that keep each other busy the count begins anew.
   *
   * It is believed of an agent as of its pipe. Nobody is let in by it who was not before, and no verb says
   * it: it guards against accidents, not against an agent that sets out to lie.
   */
  human: Schema.optionalKey(Schema.Boolean)
})
export type ReviseSession = typeof ReviseSession.Type

const OfSession = { params: { id: SessionId }, success: Session, error: RefusedOverHttp }

/** The agent runs of this machine. */
export const SessionsApi = HttpApiGroup.make("sessions").add(
  HttpApiEndpoint.get("list", "/v1/sessions", {
    success: Schema.Struct({ items: Schema.Array(Session) }),
    error: RefusedOverHttp
  }).annotate(Takes, "nothing"),
  /** Those that have ended and can be resumed, the latest first. */
  HttpApiEndpoint.get("ended", "/v1/sessions/ended", {
    success: Schema.Struct({ items: Schema.Array(Session) }),
    error: RefusedOverHttp
  }).annotate(Takes, "nothing"),
  HttpApiEndpoint.post("register", "/v1/sessions", {
    payload: RegisterSession,
    success: RegisteredSession,
    error: RefusedOverHttp
  }).annotate(Takes, "nothing"),
  HttpApiEndpoint.get("show", "/v1/sessions/:id", OfSession).annotate(Takes, "nothing"),
  HttpApiEndpoint.post("revise", "/v1/sessions/:id", { ...OfSession, payload: ReviseSession })
    .annotate(Takes, "nothing"),
  HttpApiEndpoint.post("end", "/v1/sessions/:id/end", OfSession).annotate(Takes, "nothing")
)
