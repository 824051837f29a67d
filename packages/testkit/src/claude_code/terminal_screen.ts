/**
 * What a person would see: a screen that understands what a program writes to its terminal.
 *
 * @module
 */
import xterm from "@xterm/headless"

/** How large it is. */
export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/** The screen. */
export interface TerminalScreen {
  /** Takes what the program wrote; `drawn` is called when it can be seen. */
  readonly write: (data: string, drawn: () => void) => void
  /** The lines, without the blanks at their ends and without empty lines at the end. */
  readonly text: () => string
  readonly dispose: () => void
}

/** An empty screen. What a program asks of its terminal is answered through `reply`. */
export function makeTerminalScreen(
  { columns, rows }: ScreenSize,
  reply: (data: string) => void
): TerminalScreen {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  terminal.onData(reply)
  return {
    write: (data, drawn) => terminal.write(data, drawn),
    text: () => {
      const { active } = terminal.buffer
      const lines = Array.from(
        { length: rows },
        (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? ""
      )
      return lines.join("\n").trimEnd()
    },
    dispose: () => terminal.dispose()
  }
}
