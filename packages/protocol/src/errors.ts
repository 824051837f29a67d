/**
 * What may be refused, said once: stable codes for frames, HTTP, verdicts and exit codes.
 *
 * A code is never reused. `Refused` is the one error that crosses a process
 * boundary; its message names the action and quotes the value, its hint says
 * what would work.
 *
 * @module
 */
import { Schema } from "effect"

/** What the table says of one code. */
export interface ErrorFacts {
  /** HTTP status where the refusal travels over HTTP. */
  readonly status: number
  /** Whether the same request may succeed later. */
  readonly retryable: boolean
  /** Exit code of a verb that ends with it; the meanings are in `docs/reference/errors.md`. */
  readonly exit: number
  /** What would work. */
  readonly hint: string
}

function fact(status: number, exit: number, hint: string): ErrorFacts {
  return { status, exit, hint, retryable: false }
}

function passing(status: number, exit: number, hint: string): ErrorFacts {
  return { status, exit, hint, retryable: true }
}

/** The table of errors. */
export const errorTable = {
  // The form of a request
  malformed: fact(400, 2, "Send what the protocol describes"),
  unsupported: fact(400, 1, "Upgrade the older side: it does not know this"),
  too_large: fact(413, 2, "Send less, or split it"),
  usage: fact(400, 2, "See --help"),
  // Who may
  bad_signature: fact(
    401,
    6,
    "The signature does not fit the key: use the whole link or the right key"
  ),
  bad_challenge: fact(401, 6, "Answer the challenge of this very connection"),
  wrong_origin: fact(
    403,
    6,
    "Connect to the address that the broker calls its own (see --public-url)"
  ),
  not_permitted: fact(403, 6, "Ask an admin of the mesh"),
  create_denied: fact(
    403,
    6,
    "Give the first-admin code that the broker printed at its start (--code)"
  ),
  unknown_device: fact(404, 6, "This device is not of this mesh: join it with an invite"),
  revoked_device: fact(403, 6, "This device was revoked: ask an admin for a new invite"),
  revoked_sender: fact(403, 6, "The sender was revoked"),
  // Meshes and their members
  mesh_not_found: fact(404, 3, "List what there is: claudemesh mesh list"),
  no_mesh: fact(409, 3, "Create one (claudemesh up) or join one (claudemesh join LINK)"),
  mesh_exists: fact(409, 5, "Choose another name"),
  bad_statement: fact(400, 1, "The statement does not fit the membership log"),
  head_moved: passing(409, 5, "Read the log again and append after its head"),
  last_admin: fact(
    409,
    5,
    "A mesh keeps one admin: make someone else admin first, or leave with --force"
  ),
  name_taken: fact(409, 5, "Choose another name (--name)"),
  bad_name: fact(
    400,
    2,
    "Use 1 to 32 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit"
  ),
  already_member: fact(409, 5, "This device is a member already: claudemesh status"),
  membership_fork: fact(
    409,
    6,
    "Two members see different histories: compare with claudemesh mesh show"
  ),
  // Invites
  invite_malformed: fact(400, 2, "Give the whole link, with the part after #"),
  invite_not_found: fact(404, 3, "Ask for a new invite link"),
  invite_expired: fact(410, 6, "Ask for a new invite link"),
  invite_revoked: fact(410, 6, "Ask for a new invite link"),
  invite_exhausted: fact(410, 6, "Ask for a new invite link"),
  invite_wrong_mesh: fact(
    409,
    6,
    "The broker shows another mesh than the link names: do not join, ask for a new link"
  ),
  // Attach and delivery at the broker
  already_attached: fact(409, 5, "One attach per mesh and connection"),
  not_attached: fact(409, 1, "Attach to the mesh first"),
  fenced: fact(409, 5, "A newer connection of this device took over"),
  unknown_recipient: fact(404, 3, "The recipient is not of this mesh any more"),
  id_reused: fact(409, 5, "Use a new id, or a new key: this one belongs to another message"),
  bad_ack: fact(409, 1, "Acknowledge only what was pushed"),
  rate_limited: passing(429, 11, "Wait a moment"),
  overloaded: passing(503, 8, "Wait a moment"),
  shutting_down: passing(503, 8, "Try again: the service is stopping"),
  store_full: passing(507, 8, "Make room on the broker's disk: it goes on by itself"),
  quota: fact(507, 1, "Too much lies unread at the broker: send it again once it has been read"),
  internal: fact(500, 70, "This is a bug: see the log"),
  // Verdicts on a message
  unknown_sender: fact(403, 6, "The sender is not of this mesh"),
  wrong_mesh: fact(409, 6, "The message was made for another mesh"),
  not_addressed: fact(409, 6, "The message was made for another device"),
  reseal: passing(409, 1, "The recipient's key was renewed: it is sealed again by itself"),
  out_of_order: passing(409, 1, "One before it has not come: both are sent again by themselves"),
  undecryptable: fact(400, 6, "The recipient could not open it"),
  commit_mismatch: fact(400, 6, "What was sealed is not what the sender committed to"),
  replayed: fact(409, 6, "The message is older than what came before it"),
  expired: fact(410, 1, "Its time ran out: send it again"),
  // On this machine
  daemon_not_running: passing(503, 7, "Start it: claudemesh daemon start"),
  daemon_start_failed: fact(503, 7, "See the daemon's log"),
  home_locked: fact(
    409,
    5,
    "Use the running one (claudemesh status), or stop it (claudemesh down)"
  ),
  home_unusable: fact(503, 1, "Make the directory yours and writable, or set CLAUDEMESH_HOME"),
  key_file_unsafe: fact(
    403,
    6,
    "Make the key file yours alone: chmod 600. Then claudemesh daemon stop, so that it is read again"
  ),
  key_file_corrupt: fact(
    500,
    1,
    "Restore the key file from a backup; or move it away, and join again with a new invite"
  ),
  data_locked: fact(
    409,
    5,
    "Another broker uses this data directory: stop it or choose another (--data)"
  ),
  address_in_use: fact(409, 5, "Choose another address (--listen HOST:PORT)"),
  database_unreachable: passing(
    503,
    8,
    "Check the address of the database (DATABASE_URL) and that Postgres runs there"
  ),
  database_denied: fact(
    403,
    6,
    "Check user and password (DATABASE_URL, PGPASSWORD), and what the role may do"
  ),
  database_unusable: fact(
    409,
    1,
    "Give the broker a Postgres database of its own (DATABASE_URL, --database)"
  ),
  broker_unreachable: passing(
    503,
    8,
    "Check the address and that the broker runs; messages are kept until it does"
  ),
  not_a_broker: fact(502, 8, "Something else answers there: check the address"),
  unknown_name: fact(404, 3, "See who there is: claudemesh peers"),
  ambiguous_name: fact(409, 3, "Say which one"),
  self_recipient: fact(400, 2, "Choose another recipient: this one is you"),
  message_not_found: fact(404, 3, "See claudemesh inbox"),
  message_held: fact(403, 6, "Your user decides what agents are shown: claudemesh held list"),
  agent_limited: fact(
    403,
    6,
    "Its user decides what it may do, outside of the agent: claudemesh session caps SESSION CAPS"
  ),
  session_not_found: fact(
    404,
    3,
    "See what runs here, and what has ended: claudemesh session list --all"
  ),
  empty_message: fact(400, 2, "Say something, or give - and pipe it in"),
  not_text: fact(400, 2, "Messages are UTF-8 text"),
  outbox_full: passing(
    507,
    1,
    "Wait until some have arrived, or cancel what need not: claudemesh outbox list"
  ),
  disk_failed: passing(
    503,
    1,
    "Check the disk. The next verb starts the daemon anew; a broker wants to be started again"
  ),
  disk_full: passing(507, 1, "Free disk space: what was accepted before is kept"),
  message_ended: fact(409, 5, "Use a new id, or send it once more: claudemesh outbox requeue ID"),
  nothing_to_requeue: fact(409, 5, "See how far it is: claudemesh outbox show ID"),
  already_sent: fact(409, 5, "What has left cannot be taken back: say so in another message"),
  no_prekey: passing(409, 1, "Its machine has not been connected yet: it is sent once it has"),
  timed_out: passing(504, 4, "Wait longer: --timeout DURATION"),
  needs_input: fact(400, 2, "Give the flag it names"),
  program_missing: fact(503, 10, "Install it, or put it on PATH"),
  plugin_foreign: fact(409, 5, "Move what is there away, then install again"),
  plugin_place_unusable: fact(
    503,
    1,
    "Make it a directory of yours that you may write to, or set CLAUDE_CONFIG_DIR to another"
  ),
  changed_by_hand: fact(409, 5, "Look at what was changed: --force overwrites it"),
  settings_not_plain: fact(409, 1, "Add by hand what it names, or install without --status-line")
} as const satisfies Record<string, ErrorFacts>

/** A stable error code. */
export type ErrorCode = keyof typeof errorTable

const codes = Object.keys(errorTable).filter(isErrorCode)

/** Whether the text is a code of the table. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorTable, text)
}

/** A code of the table, as it travels. */
export const ErrorCode = Schema.Literals(codes)

/** A code as it comes from a peer, who may be of a later version and know more of them. */
export const CodeText = Schema.String.check(
  Schema.isPattern(/^[a-z][a-z_]{0,39}$/, { expected: "an error code" })
)

/** The code, or `unsupported` where this version does not know it. */
export function knownCode(text: string): ErrorCode {
  return isErrorCode(text) ? text : "unsupported"
}

/** What every refusal carries beside its code. */
const refusedFields = {
  message: Schema.String,
  /** Names or ids that would have been understood. */
  candidates: Schema.optionalKey(Schema.Array(Schema.String)),
  retry_after_ms: Schema.optionalKey(Schema.Int)
}

/** Refused, with a code of the table. The message names the action and quotes the value. */
export class Refused extends Schema.TaggedError<Refused>()("Refused", {
  code: ErrorCode,
  ...refusedFields
}) {
  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return errorTable[this.code].retryable
  }

  /** What would work. */
  get hint(): string {
    return errorTable[this.code].hint
  }
}

/** Makes a refusal. */
export function refused(
  code: ErrorCode,
  message: string,
  more: { readonly candidates?: ReadonlyArray<string>; readonly retry_after_ms?: number } = {}
): Refused {
  return new Refused({ code, message, ...more })
}

function refusedWithStatus(status: number) {
  return Schema.Struct({
    _tag: Schema.tag("Refused"),
    code: Schema.Literals(codes.filter((code) => errorTable[code].status === status)),
    ...refusedFields
  }).annotate({ identifier: `Refused${status}`, httpApiStatus: status })
}

/** One schema per HTTP status of the table: what an `HttpApi` endpoint declares as its errors. */
export const RefusedOverHttp = [...new Set(codes.map((code) => errorTable[code].status))].map(
  refusedWithStatus
)
