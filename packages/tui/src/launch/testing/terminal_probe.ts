/**
 * Says in a line what state a terminal is in: its modes as it answers itself, and whether it echoes.
 *
 * @module
 */
import { spawnSync } from "node:child_process"

const MODES = [25, 1049, 1000, 1004, 2004]

const { stdin, stdout } = process
const settings = spawnSync("stty", ["-a"], { stdio: ["inherit", "pipe", "inherit"] })
const isCooked = / icanon/.test(String(settings.stdout)) && / echo /.test(String(settings.stdout))
let answers = ""

stdin.setRawMode(true)
stdin.on("data", (bytes) => {
  answers += bytes.toString()
  const found = [...answers.matchAll(/\[\?(\d+);(\d)\$y/g)]
  if (found.length < MODES.length) return
  stdin.setRawMode(false)
  const said = found.map(([, mode, state]) => `${mode}=${state === "1" ? "on" : "off"}`)
  stdout.write(`PROBE ${isCooked ? "cooked" : "raw"} ${said.join(" ")}\n`)
  process.exit(0)
})
stdout.write(MODES.map((mode) => `\x1b[?${mode}$p`).join(""))
