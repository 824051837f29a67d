/**
 * What an agent's processes are told of their session by the environment: read by the push pipe and by verbs.
 *
 * @module
 */
import type { Answers } from "./flow.ts"

/** The variables, with what each says. */
const VARIABLES = {
  CLAUDEMESH_SESSION_NAME: "name",
  CLAUDEMESH_SESSION_MESH: "mesh",
  CLAUDEMESH_SESSION_MODE: "mode",
  CLAUDEMESH_SESSION_ROLE: "role",
  CLAUDEMESH_SESSION_GROUPS: "groups"
} as const satisfies Record<string, keyof Answers>

const CAPS = "CLAUDEMESH_SESSION_CAPS"

const TOKEN_FILE = "CLAUDEMESH_SESSION_TOKEN_FILE"

/**
 * All of them. What is not said is undefined, and so taken out: a launch within a session begins another.
 * It may do no more than that one, though: the limit stays where none is said.
 */
export function agentEnvironment(
  answers: Answers,
  tokenFile?: string
): Readonly<Record<string, string | undefined>> {
  const said = Object.entries(VARIABLES).map(([variable, step]) => [variable, of(answers[step])])
  const limit = answers.caps === undefined ? [] : [[CAPS, answers.caps]]
  return Object.fromEntries([...said, ...limit, [TOKEN_FILE, tokenFile]])
}

function of(answer: string | undefined): string | undefined {
  return answer === "" ? undefined : answer
}
