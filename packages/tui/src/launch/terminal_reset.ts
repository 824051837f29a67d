/**
 * Gives a terminal back that a program left as it needed it: what it would have written had it not been killed.
 *
 * Modes of the terminal's driver, such as echo, are not among it: Node puts those back as it found them
 * whenever it ends.
 *
 * @module
 */

/** Modes that are switched off, by number. */
const SWITCHED_OFF = [
  1, // cursor keys that send other sequences
  1000, // mouse: clicks
  1002, // mouse: drags
  1003, // mouse: all
  1006, // mouse: in decimal
  1015, // mouse: in another decimal
  1004, // focus
  2004, // pastes in brackets
  2026, // a frame that is not shown until it is whole
  2031 // changes of the colour scheme
]

/** What a terminal is written. */
export function terminalReset(): string {
  return [
    // The alternate screen has such flags of its own.
    KITTY_KEYBOARD_OFF,
    // Leaving it puts the cursor where it was saved: where it was never entered, that is here.
    "\x1b7\x1b[?1049l",
    KITTY_KEYBOARD_OFF,
    // What xterm calls modifyOtherKeys, and the keypad.
    "\x1b[>4m\x1b>",
    ...SWITCHED_OFF.map((mode) => `\x1b[?${mode}l`),
    // Lines wrap, the cursor is seen, in its usual shape, and text has no colour.
    "\x1b[?7h\x1b[?25h\x1b[0 q\x1b[0m"
  ].join("")
}

/** What the program pushed is taken away, and what is left is off. */
const KITTY_KEYBOARD_OFF = "\x1b[<u\x1b[=0u"
