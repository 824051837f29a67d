/**
 * The story of two people on two machines: real processes, real sockets, two homes that are deleted afterwards.
 *
 * Ada runs a broker, Bob joins by her invite, they talk, and a message that Ada sends while Bob is away
 * is there when he returns. Everything is what a person would type, and so is what is printed.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { EXECUTABLE } from "../../packages/tui/src/executable.ts"
import { answer, complain, MILLIS_MAX, say, shortened } from "./telling.ts"

type Person = "ada" | "bob"

const directory = mkdtempSync(join(tmpdir(), "cm-demo-"))
const began = performance.now()
const running = new Set<ChildProcess>()
let up: ChildProcess | undefined

/** Tells it, and ends the process where that fails. */
export async function tellConversation(): Promise<void> {
  const limit = setTimeout(
    () => void fail(new Error(`it took longer than ${MILLIS_MAX} ms`)),
    MILLIS_MAX
  )
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => void fail(new Error(signal)))
  }
  try {
    await converse()
    await leave()
    say(`done in ${((performance.now() - began) / 1000).toFixed(1)} s; nothing is left behind`)
  } catch (error) {
    await fail(error)
  }
  clearTimeout(limit)
}

async function converse(): Promise<void> {
  say("Ada starts a broker, her daemon and a mesh; it prints an invite.")
  const link = await adaIsUp()
  say("Bob joins by the link. His daemon starts by itself.")
  await type("bob", ["join", link, "--name", "bob"], { shown: "claudemesh join 'LINK' --name bob" })
  say("They talk.")
  await type("bob", ["send", "ada", "which port does the dev server use?"])
  const question = await untilInbox("ada", "which port")
  await type("ada", ["send", "bob", "5173, as always", "--reply-to", question])
  await untilInbox("bob", "5173")
  say("Bob's machine goes away. Ada writes all the same.")
  await type("bob", ["down"])
  const sent = await type("ada", ["send", "bob", "tests pass, you can merge"])
  say("Bob returns: the message is there, and Ada knows it.")
  await untilInbox("bob", "you can merge")
  await type("ada", ["message", "status", firstCell(sent)])
}

/** Starts `claudemesh up` and answers with its invite link. */
async function adaIsUp(): Promise<string> {
  show("ada", "claudemesh up")
  const start = performance.now()
  up = launch("ada", ["up", "--name", "ada", "--device", "laptop", "--listen", "127.0.0.1:0"])
  let said = ""
  for await (const chunk of up.stdout ?? []) {
    said += String(chunk)
    const link = /^invite\t(\S+)$/m.exec(said)?.[1]
    if (link === undefined) continue
    answer(said.replace(link, shortened(link)), performance.now() - start)
    return link
  }
  throw new Error("claudemesh up has ended by itself")
}

/** Shows the inbox once it holds the text; answers with the message's id. */
async function untilInbox(person: Person, text: string): Promise<string> {
  while (true) {
    const start = performance.now()
    const stdout = await type(person, ["inbox", "--unread", "--mark-read"], { quiet: true })
    const row = stdout.split("\n").find((line) => line.includes(text))
    if (row === undefined) continue
    show(person, "claudemesh inbox --unread --mark-read")
    answer(stdout, performance.now() - start)
    return firstCell(row)
  }
}

/** Types a command and shows it with what it says. */
async function type(
  person: Person,
  words: ReadonlyArray<string>,
  { quiet = false, shown = ["claudemesh", ...words].map(quoted).join(" ") } = {}
): Promise<string> {
  const start = performance.now()
  const child = launch(person, words)
  let stdout = ""
  child.stdout?.on("data", (chunk) => {
    stdout += chunk
  })
  const [exit] = await once(child, "close")
  if (!quiet) {
    show(person, shown)
    answer(stdout, performance.now() - start)
  }
  if (exit !== 0) throw new Error(`${person}: claudemesh ${words[0]} ended with ${exit}`)
  return stdout
}

function launch(person: Person, words: ReadonlyArray<string>): ChildProcess {
  const child = spawn(process.execPath, [EXECUTABLE, ...words], {
    env: { PATH: process.env["PATH"], HOME: directory, CLAUDEMESH_HOME: join(directory, person) },
    stdio: ["ignore", "pipe", "pipe"]
  })
  child.stderr?.on("data", (chunk) => {
    const warnings = String(chunk).split("\n").filter((line) => /^(error|warning)/.test(line))
    if (warnings.length > 0) answer(warnings.join("\n"))
  })
  running.add(child)
  child.once("close", () => running.delete(child))
  return child
}

/** Stops what runs, and deletes both homes. */
async function leave(): Promise<void> {
  // Only Bob's daemon is no child of ours.
  const ended = [launch("bob", ["down"]), ...running].map((child) => once(child, "close"))
  up?.kill("SIGINT")
  await Promise.all(ended)
  rmSync(directory, { recursive: true, force: true })
}

async function fail(error: unknown): Promise<void> {
  complain(error)
  process.exitCode = 1
  await leave()
  process.exit(1)
}

function show(person: Person, command: string): void {
  console.log(`  ${person}$ ${command}`)
}

function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `"${word}"`
}

function firstCell(row: string): string {
  return row.split("\t")[0] ?? ""
}
