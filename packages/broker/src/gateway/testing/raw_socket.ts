/**
 * Speaks to a broker's port in bytes, as no web-socket library would.
 *
 * @module
 */
import { SOCKET_PATH } from "@claudemesh/protocol"
import { concatBytes, utf8 } from "@claudemesh/protocol/crypto"
import { exchangeBytes } from "@claudemesh/testkit"
import { Effect } from "effect"

/** What came back until the broker ended the connection. */
export interface RawAnswer {
  /** Of the HTTP answer; nothing if there was none. */
  readonly status: number | undefined
  readonly head: string
  /** Of the close frame; nothing if there was none. */
  readonly closeCode: number | undefined
}

/** The request that opens a web socket; it asks for compression. */
export function upgradeRequest(port: number): Uint8Array {
  const lines = [
    `GET ${SOCKET_PATH} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Extensions: permessage-deflate"
  ]
  return utf8(`${lines.join("\r\n")}\r\n\r\n`)
}

/** A frame of a web socket, right unless told otherwise. */
export interface FrameShape {
  readonly payload?: Uint8Array
  /** 1 is text. */
  readonly opcode?: number
  readonly fin?: boolean
  readonly isMasked?: boolean
  /** The three reserved bits. */
  readonly reserved?: number
  /** The length it claims, if not the payload's. */
  readonly length?: number
}

/** The bytes of a frame; the mask is zeros, so that the payload stays as it is. */
export function frameBytes({ payload = new Uint8Array(), ...shape }: FrameShape): Uint8Array {
  const { fin = true, isMasked = true, length = payload.length, opcode = 1, reserved = 0 } = shape
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode
  const mask = isMasked ? [0, 0, 0, 0] : []
  const masked = isMasked ? 0x80 : 0
  return concatBytes(new Uint8Array([first, ...lengthBytes(length, masked), ...mask]), payload)
}

function lengthBytes(length: number, masked: number): ReadonlyArray<number> {
  if (length < 126) return [masked | length]
  if (length < 65_536) return [masked | 126, length >> 8, length & 0xff]
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length))
  return [masked | 127, ...bytes]
}

/** Hands over bytes, and answers with what came back until the broker ended it; one that it leaves open never ends. */
export function exchange(
  port: number,
  ...parts: ReadonlyArray<Uint8Array>
): Effect.Effect<RawAnswer> {
  const exchanging = exchangeBytes({ host: "127.0.0.1", port }, parts)
  return Effect.map(exchanging, (bytes) => answerIn(Buffer.from(bytes)))
}

function answerIn(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf("\r\n\r\n")
  const head = bytes.subarray(0, end === -1 ? bytes.length : end).toString("latin1")
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]
  return {
    status: status === undefined ? undefined : Number(status),
    head,
    closeCode: status === "101" ? closeCodeIn(bytes.subarray(end + 4)) : undefined
  }
}

/** The code of the close frame, behind whatever frames come before it; a server's are small and unmasked. */
function closeCodeIn(bytes: Buffer): number | undefined {
  let at = 0
  while (at + 2 <= bytes.length) {
    const short = bytes.readUInt8(at + 1) & 0x7f
    const head = short === 126 ? 4 : 2
    const length = short === 126 && at + 4 <= bytes.length ? bytes.readUInt16BE(at + 2) : short
    const isClose = (bytes.readUInt8(at) & 0x0f) === 8
    if (isClose) return length >= 2 ? bytes.readUInt16BE(at + head) : undefined
    at += head + length
  }
  return undefined
}
