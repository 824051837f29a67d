/**
 * An agent that takes the whole terminal as a client does, and shows every byte that it was typed.
 *
 * Capital letters tell it how to end: `Q` well, with 3; `T` by a signal; `K` without warning. `Z` stops it, and
 * nobody else. Anything else is shown in hexadecimal.
 *
 * @module
 */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?1000h\x1b[?1004h\x1b[>1u"
const LEAVE = "\x1b[<u\x1b[?1004l\x1b[?1000l\x1b[?2004l\x1b[?25h\x1b[?1049l"

const { stdin, stdout } = process
let shown = ""

function enter(): void {
  stdin.setRawMode(true)
  stdout.write(`${ENTER}\x1b[2J\x1b[HREADY ${process.argv.slice(2).join(" ")}`)
}

function leave(): void {
  stdin.setRawMode(false)
  stdout.write(LEAVE)
}

const endings: Readonly<Record<string, () => void>> = {
  Q: () => {
    leave()
    process.exit(3)
  },
  T: () => void process.kill(process.pid, "SIGTERM"),
  K: () => void process.kill(process.pid, "SIGKILL"),
  Z: () => {
    leave()
    process.kill(process.pid, "SIGSTOP")
  }
}

process.on("SIGCONT", enter)
process.on("SIGWINCH", () => stdout.write(`\x1b[4;1HSIZE ${stdout.columns}`))
stdin.on("data", (bytes) => {
  const ending = endings[bytes.toString("latin1")]
  if (ending !== undefined) return ending()
  shown += bytes.toString("hex")
  stdout.write(`\x1b[2;1HGOT ${shown}`)
})
enter()
