/**
 * Takes out of a text what nobody else may read, so that it can be passed on.
 *
 * It goes by how things look, and rather takes too much: a line that lost a path can still be understood.
 *
 * @module
 */

const GONE = "[redacted]"

/** The secret part of an invite link, and a password in an address. */
const INVITE = /(\/i\/i_[a-z2-7]+)#[^\s"')\]}]*/g
const USER_INFO = /(:\/\/)[^\s/@"']+@/g

/** What is said to be a secret, as a field, a setting or a header. */
const NAMED =
  /(\b(?:[\w-]*[_-])?(?:token|secret|password|passwd|passphrase|authorization|cookie|seeds?|private|api_?key)\b["']?\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"|'[^']*'|(?:bearer\s+|basic\s+)?[^\s,;}\]]+)/gi
/** A code that is a word is one of an error. */
const CODE = /(\bcode["']?\s*[:= ]\s*["']?)(?![a-z]+(?:_[a-z]+)*(?![\w-]))[\w-]{4,}/g
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]+/gi
const API_KEY = /\bsk-[\w-]{8,}/g
const PEM = /-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g

/** A run of letters as keys and tokens are written. */
const RUN = /[A-Za-z0-9_+=-]{16,}/g
const LONG = 32
const HARMLESS =
  /^(?:[a-z]_[a-z2-7]{26}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[a-z]{1,20}(?:[_-][a-z]{1,20})*)$/

/** Text without what looks like a token, a key or an invite's secret. */
export function withoutSecrets(text: string): string {
  return text
    .replace(PEM, GONE)
    .replace(INVITE, "$1#…")
    .replace(USER_INFO, `$1${GONE}@`)
    .replace(NAMED, `$1${GONE}`)
    .replace(CODE, `$1${GONE}`)
    .replace(BEARER, `$1 ${GONE}`)
    .replace(API_KEY, GONE)
    .replace(RUN, (run) => isSecret(run) ? GONE : run)
}

/** What is said to be of a message, as a field, in each way that logs write it. */
const MESSAGE =
  /(\b(?:text|body|subject|content|message_text|prompt|payload)["']?\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\n]+)/gi

/** Words in quotes; a path or one word is no message. */
const QUOTED = /"((?:[^"\\\n]|\\.)*\s(?:[^"\\\n]|\\.)*)"/g

/** A path in which directories have a space in their names; what only begins as one may be words of a message. */
const PATH = /^\/(?:[^\s/]+(?: [^\s/]+)?\/)*[^\s/]+$/

/** A line of a body that was quoted. */
const QUOTED_LINE = /^(\s*\| ).*$/gm

/** Text without secrets, and without what looks like words of a message. */
export function withoutMessages(text: string): string {
  return withoutSecrets(
    text.replace(QUOTED_LINE, `$1${GONE}`).replace(MESSAGE, `$1${GONE}`)
      .replace(QUOTED, (whole, inner: string) => PATH.test(inner) ? whole : `"${GONE}"`)
  )
}

/** An id or words are none; what is long and mixed may be one. */
function isSecret(run: string): boolean {
  if (HARMLESS.test(run)) return false
  const isMixed = /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run)
  return isMixed || run.length >= LONG
}
