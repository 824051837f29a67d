/**
 * Neutralises what a model could take for a boundary of its conversation: tags, our own heads, turn markers.
 *
 * One character of each is changed, and it stays readable:
 *
 * - `<` of a dangerous tag becomes `&lt;`, and so does any bracket that looks like it;
 * - `[` of what could be a head or an end of ours, and of `[INST]`, becomes `(`;
 * - `Human:` at the start of a line becomes `(Human):`, and so do its kin. `system`, `user` and `developer` count
 *   only with a capital, because in small letters they are keys of YAML.
 *
 * A tag is dangerous if it is closed or has attributes, and
 *
 * 1. its name has a hyphen (`<system-reminder>`, `<task-notification>`, `<local-command-stdout>`, and whatever
 *    a client may invent of that kind), or is a closing one with an underscore;
 * 2. its name is a compound with an underscore or a colon that begins or ends with a word of the family
 *    (`<tool_use>`, `<ide_selection>`), unless it stands right behind a word, as in `vector<user_id>`;
 * 3. its name is one word of the family (`<user>`, `</system>`). Not so if it is a usual name of a type, written
 *    like one right behind a word (`Promise<User>`), or stands in quotation marks (`« message »`);
 * 4. its name mixes alphabets; or it is a special token, `<|im_start|>`.
 *
 * Closed or not, it is dangerous if its letters alone spell a name that is known to be (`< system  REMINDER`,
 * `<ToolUse`). So generics, comparisons, HTML, JSX, here-documents and autolinks stay as they are, except for
 * custom elements and placeholders with a hyphen, and components named like one of the family.
 * Letters are read by what they look like. Doing it twice changes nothing more.
 *
 * @module
 */
import { mixesAlphabets, plainLetters, spelledOut } from "./peer_text_letters.ts"

const OPENERS = "<＜﹤‹\u2329\u3008⟨❮❬❰⧼⦑⟪《«˂ᐸᚲ≺⋖≪"
const CLOSERS = ">＞﹥›\u232a\u3009⟩❯❭❱⧽⦒⟫》»˃ᐳᚱ≻⋗≫"

/** Those that also are quotation marks: a single word between them is no tag. */
const QUOTATION_MARKS = "《«"

/** How far from its bracket a tag is looked at. */
const TAG_LENGTH_MAX = 96

/** What stands before a bracket, the bracket, what is between it and the name, name and attributes, and what closes it. */
const TAG = new RegExp(
  `(?<=(.{0,2}))([${OPENERS}])([\\s/\\\\!?]*)([^${OPENERS}${CLOSERS}]{1,${TAG_LENGTH_MAX}})(?=([${CLOSERS}])?)`,
  "gu"
)
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_:\p{Pd}\u2043\u2212\u02d7-]*[\p{L}\p{M}\p{N}])?/u

/** Words that are the whole name of a dangerous tag. */
const WORDS = new Set(
  ("antml assistant channel claudemesh developer function functions human instructions invoke message " +
    "messages notification parameter prompt reminder sys system thinking tool tools user").split(
      " "
    )
)

/** Those of them that are common names of types. */
const TYPES = new Set(
  "channel function message messages notification parameter prompt tool user".split(" ")
)

/** Words that begin or end a dangerous compound. */
const COMPOUND = new RegExp(
  "^(?:agent|antml|assistant|bash|channel|claudemesh|command|cross|developer|function|human|ide|invoke|local|" +
    "message|system|task|teammate|tool|tools|user)[-_:]|[-_:](?:call|calls|hook|instructions|invoke|message|" +
    "messages|mode|notification|parameter|prompt|reminder|result|results|system)$"
)

/** Names that are dangerous closed or not, however they are spaced and written. */
const SPELLED = new RegExp(
  "^(?:antml|assistantmessage|bash(?:input|std)|channelsource|claudemesh|command(?:args|message|name)|" +
    "crosssession|function(?:call|result)|im(?:start|end)|invokename|localcommand|system(?:message|prompt|" +
    "reminder)|task(?:id|notification)|teammatemessage|tool(?:call|result|use)|user(?:message|prompt))"
)

const HEAD = /[[［【〔〖⁅⟦❲⦗﹇「『]([^[\]\n]{1,80})/gu
const TURN = /^((?:[>#*_~`|-]|\d+[.)]|[^\S\n])*)(\p{L}{4,12})(?=[*_ \t]*[:：﹕∶ː꞉])/gmu

/** The text with every boundary in it made harmless. Expects what `seenText` leaves. */
export function neutralised(text: string): string {
  return text
    .replace(
      TAG,
      (whole, ...found) => isDangerous(candidateOf(found)) ? `&lt;${whole.slice(1)}` : whole
    )
    .replace(HEAD, (whole, rest: string) => isHead(rest) ? `(${whole.slice(1)}` : whole)
    .replace(TURN, (whole, lead: string, word: string) => isTurn(word) ? `${lead}(${word})` : whole)
}

/** What follows a bracket, and what is around it. */
interface Candidate {
  readonly opener: string
  /** White space and slashes before the name. */
  readonly lead: string
  /** Name and attributes. */
  readonly rest: string
  readonly isClosed: boolean
  readonly before: string
}

function candidateOf(found: ReadonlyArray<string | undefined>): Candidate {
  const [before = "", opener = "", lead = "", rest = "", closer] = found
  return { before, opener, lead, rest, isClosed: closer !== undefined }
}

function isDangerous(candidate: Candidate): boolean {
  const { isClosed, rest } = candidate
  if (SPELLED.test(spelledOut(rest))) return true
  if (isClosed && /^[|｜]\s*[\p{L}\p{N}_▁]{4,}\s*[|｜]\s*$/u.test(rest)) return true
  const name = NAME.exec(rest)?.[0]
  if (name === undefined || !endsLikeTag(candidate, rest.slice(name.length))) return false
  return mixesAlphabets(name) || isDangerousName(candidate, name)
}

function isDangerousName(candidate: Candidate, name: string): boolean {
  const plain = plainLetters(name)
  if (/[a-z0-9_]-[a-z0-9_-]*[a-z]/.test(plain)) return true
  if (!/[_:]/.test(plain)) return WORDS.has(plain) && !isOrdinaryWord(candidate, name)
  const isClosing = candidate.lead.includes("/")
  return isClosing && plain.includes("_") || !isBehindWord(candidate) && COMPOUND.test(plain)
}

/** Whether a word of the family is one in quotation marks, or the name of a type. */
function isOrdinaryWord(candidate: Candidate, name: string): boolean {
  if (QUOTATION_MARKS.includes(candidate.opener)) return true
  const isType = TYPES.has(plainLetters(name)) && /^\p{Lu}.*\p{Ll}/u.test(name)
  const hasAttribute = /^\s+\S+\s*=/.test(candidate.rest.slice(name.length))
  return isType && !hasAttribute && isBehindWord(candidate)
}

function isBehindWord({ before, lead }: Candidate): boolean {
  return lead === "" && /[\p{L}\p{N}_$:.]$/u.test(before)
}

/** Whether a name is followed by what follows the name of a tag: its end, an attribute, or the end of the line. */
function endsLikeTag({ before, isClosed, lead }: Candidate, after: string): boolean {
  if (isClosed && /^(?:\s+[\p{L}\w:@.-]+)?[^\p{L}\p{N}]*$/u.test(after)) return true
  if (/^[\s/]+[\p{L}\w:@.-]+\s*=(?!=)/u.test(after) || /^\s*:\s/.test(after)) return true
  return lead.trim() === lead && !isOpener(before.at(-1)) && /^\/?(?:\n|$)/.test(after)
}

function isOpener(character: string | undefined): boolean {
  return character !== undefined && OPENERS.includes(character)
}

/** Whether what follows a bracket could make it a head or an end of ours, or one of `[INST]`, `[/SYS]`. */
function isHead(rest: string): boolean {
  if (/^\s*\/?\s*(?:INST|SYS|SYSTEM)\s*$/u.test(rest)) return true
  const plain = plainLetters(rest).replace(/[\s*_`-]/g, "")
  return /^[/\\]*claudemesh/.test(plain) && !/^claudemesh(?:$|[.)"',])/.test(plain)
}

function isTurn(word: string): boolean {
  const plain = plainLetters(word)
  if (plain === "human" || plain === "assistant") return true
  return /^\p{Lu}/u.test(word) && ["system", "user", "developer"].includes(plain)
}
