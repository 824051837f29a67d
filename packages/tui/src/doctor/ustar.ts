/**
 * Writes a few small files as one archive that every `tar` reads.
 *
 * @module
 */

/** One file of an archive; its name has at most 100 bytes. */
export interface ArchivedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const BLOCK = 512

/** Where the fields of a header are. */
const CHECKSUM_AT = 148

/** The archive, in the form of POSIX.1-1988; each file is its user's alone. */
export function ustar(files: ReadonlyArray<ArchivedFile>, atMillis: number): Uint8Array {
  const blocks = files.flatMap(({ bytes, name }) => [
    headerOf({ bytes, name }, Math.floor(atMillis / 1_000)),
    bytes,
    new Uint8Array((BLOCK - bytes.length % BLOCK) % BLOCK)
  ])
  return Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)])
}

function headerOf({ bytes, name }: ArchivedFile, seconds: number): Uint8Array {
  const header = Buffer.alloc(BLOCK)
  const fields = [
    [0, name],
    [100, octal(0o600, 7)],
    [108, octal(0, 7)],
    [116, octal(0, 7)],
    [124, octal(bytes.length, 11)],
    [136, octal(seconds, 11)],
    [CHECKSUM_AT, "        "],
    [156, "0"],
    [257, "ustar\u000000"]
  ] as const
  for (const [at, text] of fields) header.write(text, at, "utf8")
  const sum = header.reduce((sum, byte) => sum + byte, 0)
  header.write(`${octal(sum, 6)}\u0000 `, CHECKSUM_AT, "utf8")
  return header
}

function octal(number: number, digits: number): string {
  return number.toString(8).padStart(digits, "0")
}
