/**
 * The questions of a launch as a list, and the router that says which is the first without an answer.
 *
 * Nothing here asks: flags, what was answered the last time, and guesses fill steps as a person does. So a
 * daily launch asks nothing, and without a terminal the first step that is open is an error.
 *
 * @module
 */
import { MessageMode, Name } from "@claudemesh/protocol"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { capabilitiesText } from "@claudemesh/protocol/capabilities"
import { groupsText } from "@claudemesh/protocol/groups_text"
import type { MeshStatus } from "@claudemesh/protocol/local_api"
import { Result, Schema } from "effect"
import { capsIn } from "./caps.ts"
import { groupsIn } from "./groups.ts"
import { roleIn } from "./role.ts"

export type StepId = "mesh" | "name" | "role" | "groups" | "mode" | "caps" | "confirm"

/** What each step was answered; a role or groups that are empty are none. */
export type Answers = Readonly<Partial<Record<StepId, string>>>

/** All that a launch is decided by. */
export interface LaunchState {
  /** What is started, in words. */
  readonly agent: string
  /** The name of the directory. */
  readonly folder: string
  readonly meshes: ReadonlyArray<Pick<MeshStatus, "mesh" | "name" | "current">>
  /** Whether the daemon knows from before what is not said. */
  readonly resumes: boolean
  readonly answers: Answers
  /** Steps that a person was asked. */
  readonly asked: ReadonlyArray<StepId>
}

/** A question, for a line or for a screen. */
export interface Question {
  readonly title: string
  /** What may be answered, where it is one of a few. */
  readonly choices?: ReadonlyArray<Choice>
  /** What an empty answer means. */
  readonly otherwise?: string
}

/** One answer, and what is said of it. */
export interface Choice {
  readonly value: string
  readonly label: string
}

/** One step. */
export interface Step {
  readonly id: StepId
  /** What answers it on the command line. */
  readonly flag: string
  /** What is to be asked. */
  readonly show: (state: LaunchState) => Question
  readonly isComplete: (state: LaunchState) => boolean
  /** The state with this answer, or why it is none. */
  readonly fill: (state: LaunchState, typed: string) => Result.Result<LaunchState, Refused>
  /** What goes without saying. */
  readonly guess: (state: LaunchState) => string | undefined
}

const MODES = [
  { value: "push", label: "push: they come by themselves" },
  { value: "inbox", label: "inbox: they wait until they are read" },
  { value: "off", label: "off: none" }
] as const satisfies ReadonlyArray<Choice & { readonly value: MessageMode }>

/** The steps, in order. */
export const steps: ReadonlyArray<Step> = [
  {
    id: "mesh",
    flag: "--mesh",
    show: ({ meshes }) => ({
      title: "Which mesh?",
      choices: meshes.map(({ name }) => ({ value: name, label: name })),
      ...otherwise(meshes.find(({ current }) => current)?.name)
    }),
    isComplete: (state) => isSaid(state, "mesh"),
    fill: fillMesh,
    guess: ({ meshes: [first, ...others] }) => others.length === 0 ? first?.mesh : undefined
  },
  {
    id: "name",
    flag: "--name",
    show: ({ folder }) => ({
      title: "What is the agent called?",
      ...otherwise(nameFrom(folder))
    }),
    isComplete: (state) => isSaid(state, "name"),
    fill: fillName,
    guess: ({ folder }) => nameFrom(folder)
  },
  {
    id: "role",
    flag: "--role",
    show: () => ({ title: "What does it do? A word such as reviewer", otherwise: "" }),
    isComplete: (state) => isSaid(state, "role"),
    fill: (state, typed) =>
      Result.map(roleIn(typed), (role) => answered(state, "role", role ?? "")),
    guess: () => ""
  },
  {
    id: "groups",
    flag: "--groups",
    show: () => ({
      title: "Which groups is it in? Such as frontend:lead,reviewers",
      otherwise: ""
    }),
    isComplete: (state) => isSaid(state, "groups"),
    fill: (state, typed) =>
      Result.map(groupsIn(typed), (groups) => answered(state, "groups", groupsText(groups))),
    guess: () => ""
  },
  {
    id: "mode",
    flag: "--mode",
    show: () => ({
      title: "How do messages reach it?",
      choices: MODES,
      otherwise: "push"
    }),
    isComplete: (state) => isSaid(state, "mode"),
    fill: fillMode,
    guess: () => "push"
  },
  {
    id: "caps",
    flag: "--caps",
    show: () => ({ title: "What may it do? Such as dm,read", otherwise: "all" }),
    // Nobody is asked: what is not said leaves it as it is, which is without a limit at first.
    isComplete: () => true,
    fill: (state, typed) =>
      Result.map(capsIn(typed), (caps) => answered(state, "caps", capabilitiesText(caps))),
    guess: () => undefined
  },
  {
    id: "confirm",
    flag: "--yes",
    show: ({ agent, answers }) => ({
      title: `Start ${agent}${answers.name === undefined ? "" : ` as ${answers.name}`}? (y/n)`,
      otherwise: "y"
    }),
    // Who was asked nothing has said so by typing the command.
    isComplete: ({ answers, asked }) => asked.length === 0 || answers.confirm !== undefined,
    fill: fillConfirm,
    guess: () => undefined
  }
]

/** The first step that has no answer; nothing where all have one. */
export function nextStep(state: LaunchState): Step | undefined {
  return steps.find(({ isComplete }) => !isComplete(state))
}

/** The state with answers that were given on purpose; refused at the first that is none. */
export function filled(state: LaunchState, answers: Answers): Result.Result<LaunchState, Refused> {
  return steps.reduce<Result.Result<LaunchState, Refused>>((before, { fill, id }) => {
    const typed = answers[id]
    return typed === undefined ? before : Result.flatMap(before, (state) => fill(state, typed))
  }, Result.succeed(state))
}

/** Refuses what is no answer, whichever meshes there are: nothing is joined or made for a mistake. */
export function judged({ mesh: _mesh, ...answers }: Answers): Result.Result<LaunchState, Refused> {
  return filled(
    { agent: "", folder: "", meshes: [], resumes: false, answers: {}, asked: [] },
    answers
  )
}

/** The state with what still fits of answers from another day; what is answered stays. */
export function recalled(state: LaunchState, answers: Answers): LaunchState {
  return steps.reduce((before, { fill, id }) => {
    const typed = answers[id]
    if (typed === undefined || before.answers[id] !== undefined) return before
    return Result.getOrElse(fill(before, typed), () => before)
  }, state)
}

/** The state with what goes without saying. */
export function guessed(state: LaunchState): LaunchState {
  return steps.reduce((before, { fill, guess, isComplete }) => {
    const sure = isComplete(before) ? undefined : guess(before)
    if (sure === undefined) return before
    return Result.getOrElse(fill(before, sure), () => before)
  }, state)
}

/** The state after a person has answered. */
export function asked(state: LaunchState, id: StepId): LaunchState {
  return { ...state, asked: [...state.asked, id] }
}

/** The mesh that was chosen. */
export function meshOf<Mesh extends { readonly mesh: string }>(
  answers: Answers,
  meshes: ReadonlyArray<Mesh>
): Mesh | undefined {
  return meshes.find(({ mesh }) => mesh === answers.mesh)
}

function answered(state: LaunchState, id: StepId, answer: string): LaunchState {
  return { ...state, answers: { ...state.answers, [id]: answer } }
}

function isSaid({ answers, resumes }: LaunchState, id: StepId): boolean {
  return resumes || answers[id] !== undefined
}

function otherwise(value: string | undefined): { readonly otherwise?: string } {
  return value === undefined ? {} : { otherwise: value }
}

/** By its name on this machine, its id, or 6 or more letters with which its id begins. */
function fillMesh(state: LaunchState, typed: string): Result.Result<LaunchState, Refused> {
  const wanted = typed.trim()
  const digits = wanted.replace(/^m_/, "")
  const found = state.meshes.filter(({ mesh, name }) =>
    name === wanted || (digits.length >= 6 && mesh.slice(2).startsWith(digits))
  )
  const [mesh, ...others] = found
  const names = state.meshes.map(({ name }) => name)
  if (mesh === undefined) {
    const message = `Cannot launch into "${typed}": this device is in no such mesh`
    return Result.fail(refused("mesh_not_found", message, { candidates: names }))
  }
  if (others.length > 0) {
    const message = `Cannot launch into "${typed}": several meshes begin so`
    return Result.fail(
      refused("ambiguous_name", message, { candidates: found.map(({ name }) => name) })
    )
  }
  return Result.succeed(answered(state, "mesh", mesh.mesh))
}

const isName = Schema.is(Name)

function fillName(state: LaunchState, typed: string): Result.Result<LaunchState, Refused> {
  const name = typed.trim().toLowerCase()
  if (isName(name)) return Result.succeed(answered(state, "name", name))
  const message = `Cannot use ${JSON.stringify(typed.slice(0, 64))} as a name`
  return Result.fail(refused("bad_name", message))
}

/** What of a directory's name can be a name; nothing where nothing can. */
function nameFrom(folder: string): string | undefined {
  const name = folder.toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/^[^a-z0-9]+/, "")
    .slice(0, 32)
  return isName(name) ? name : undefined
}

const isMode = Schema.is(MessageMode)

function fillMode(state: LaunchState, typed: string): Result.Result<LaunchState, Refused> {
  const mode = typed.trim().toLowerCase()
  if (isMode(mode)) return Result.succeed(answered(state, "mode", mode))
  const candidates = MessageMode.literals
  return Result.fail(
    refused("usage", `Cannot use "${typed}" as a message mode`, { candidates })
  )
}

function fillConfirm(state: LaunchState, typed: string): Result.Result<LaunchState, Refused> {
  const word = typed.trim().toLowerCase()
  if (/^(y|yes)$/.test(word)) return Result.succeed(answered(state, "confirm", "yes"))
  if (/^(n|no)$/.test(word)) return Result.succeed(answered(state, "confirm", "no"))
  return Result.fail(refused("usage", `Cannot read "${typed}": answer y or n`))
}
