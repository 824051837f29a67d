/**
 * One connection's state: its challenge, what is attached on it, what it has done wrong, what waits to be handled.
 *
 * Methods are synchronous, so that a transport's callbacks and a commit's
 * answers need no fiber. Whoever handles its frames takes them from `frames`.
 *
 * @module
 */
import {
  type AttachChallenge,
  type BrokerFrame,
  closeCodes,
  type DeviceId,
  limits,
  type LogId,
  type MeshId,
  writeFrame
} from "@claudemesh/protocol"
import { Queue } from "effect"
import type { BrokerLimitValues } from "../broker_limits.ts"
import type { Attachment, DetachCode } from "./attachments.ts"
import { FlowMeter } from "./flow_meter.ts"
import type { Link } from "./link.ts"

/** What a connection needs of its surroundings. */
export interface ConnectionOptions {
  readonly link: Link
  readonly challenge: AttachChallenge
  readonly limits: BrokerLimitValues
  /** Milliseconds, of which only differences mean anything. */
  readonly now: () => number
  /** Called once for each attachment that has ended here; whether because nothing came any more. */
  readonly onEnd: (attachment: Attachment, how: { readonly wasSilent: boolean }) => void
  /** Called when it has attached for the first time, or closes without. */
  readonly onSettled: () => void
}

/** A connection of a device, or of nobody yet. */
export class Connection {
  readonly challenge: AttachChallenge
  readonly frames: Queue.Queue<string>
  readonly attachments = new Map<MeshId, Attachment>()
  readonly #options: ConnectionOptions
  readonly #endedLogs = new Set<LogId>()
  readonly #meter: FlowMeter
  #isOpen = true
  #wasAttached = false
  #isPaused = false
  #faults = 0
  #waitingBytes = 0
  #handlingBytes = 0
  #heardAt: number
  #pingedAt = 0
  #stalledAt: number | undefined

  constructor(options: ConnectionOptions, frames: Queue.Queue<string>) {
    this.#options = options
    this.challenge = options.challenge
    this.frames = frames
    this.#heardAt = options.now()
    this.#meter = new FlowMeter(options.limits, options.now())
  }

  readonly isOpen = (): boolean => this.#isOpen

  /** Whether anything was ever attached here. */
  get wasAttached(): boolean {
    return this.#wasAttached
  }

  // What the transport calls

  /** Takes a text message. */
  receive(text: string): void {
    if (!this.#isOpen) return
    this.heard()
    if (text.length > limits.frameBytesMax) {
      return this.close(closeCodes.tooBig, "a frame is too large")
    }
    this.#waitingBytes += text.length
    Queue.offerUnsafe(this.frames, text)
    if (this.#isFull()) this.#pause()
    // A pause does not hold back what one read of the socket has brought already.
    if (!this.#wasAttached && Queue.sizeUnsafe(this.frames) > this.#options.limits.inboxFramesMax) {
      this.close(closeCodes.policy, "too much before an attach")
    }
  }

  /** Notes a sign of life. */
  heard(): void {
    this.#heardAt = this.#options.now()
  }

  /** The transport has closed; nothing more arrives. */
  closed(): void {
    this.#endAll({ wasSilent: false })
  }

  // What handlers call

  readonly send = (frame: BrokerFrame): void => this.sendText(writeFrame(frame))

  readonly sendText = (text: string): void => {
    if (!this.#isOpen) return
    // Answers and pushes wait for a slow reader; what is told to everybody cannot.
    if (this.#options.link.bufferedBytes() > this.#options.limits.bufferedBytesDropped) {
      return this.#dropSlow()
    }
    this.#options.link.send(text)
  }

  /** Closes with a reason; attachments end at once, so that nothing more is pushed. */
  readonly close = (code: number, reason: string): void => {
    if (!this.#isOpen) return
    this.closed()
    this.#options.link.close(code, reason)
  }

  /** Counts something that only a broken or hostile client does. */
  fault(): void {
    this.#faults += 1
    if (this.#faults >= this.#options.limits.faultsMax) {
      this.close(closeCodes.policy, "too many bad frames")
    }
  }

  /** A frame is to be handled next; answers with the milliseconds to wait before that. */
  spend(bytes: number): number {
    this.#handlingBytes = bytes
    return this.#meter.spend(bytes, this.#options.now())
  }

  /** The bytes of the frame that is handled now. */
  get handlingBytes(): number {
    return this.#handlingBytes
  }

  /** Gives back what a frame has taken of the connection's rate. */
  readonly refund = (bytes: number): void => this.#meter.refund(bytes)

  /** Notes that the frame was handled, and reads on if it had stopped. */
  handled(): void {
    this.#waitingBytes -= this.#handlingBytes
    if (!this.#isPaused || !this.#isOpen || this.#isFull()) return
    this.#isPaused = false
    this.heard()
    this.#options.link.resume()
  }

  attach(attachment: Attachment): void {
    if (!this.#wasAttached) this.#options.onSettled()
    this.#wasAttached = true
    this.attachments.set(attachment.mailbox.mesh, attachment)
  }

  /** Ends an attachment; the connection closes with its last, unless the device itself left. */
  end(attachment: Attachment, code: DetachCode): void {
    const { device, mesh } = attachment.mailbox
    if (this.attachments.get(mesh) !== attachment) return
    this.attachments.delete(mesh)
    this.#endedLogs.add(device)
    this.#options.onEnd(attachment, { wasSilent: false })
    this.send({ type: "detached", mesh, code })
    if (this.attachments.size > 0) return
    if (code === "replaced") this.close(closeCodes.replaced, "a newer connection took over")
    if (code === "revoked_device") this.close(closeCodes.revoked, "the device was revoked")
  }

  /** Whether the device was attached here, and has left or been replaced. */
  hadAttached(device: DeviceId): boolean {
    return this.#endedLogs.has(device)
  }

  /** The attachment of this log and epoch; `fenced` if there was one, or it has another epoch. */
  attachmentOf(log: LogId, epoch: number): Attachment | "fenced" | undefined {
    let found: "fenced" | undefined = this.#endedLogs.has(log) ? "fenced" : undefined
    for (const attachment of this.attachments.values()) {
      if (attachment.mailbox.device !== log) continue
      if (attachment.epoch === epoch) return attachment
      found = "fenced"
    }
    return found
  }

  /** Whether the transport takes more. */
  readonly isReady = (): boolean =>
    this.#isOpen && this.#options.link.bufferedBytes() <= this.#options.limits.bufferedBytesMax

  /** Looks after the connection, about once a second. */
  watch(): void {
    if (!this.#isOpen) return
    const { deadMillis, pingMillis, stalledMillisMax } = this.#options.limits
    const now = this.#options.now()
    this.#stalledAt = this.isReady() ? undefined : this.#stalledAt ?? now
    if (this.#stalledAt !== undefined && now - this.#stalledAt >= stalledMillisMax) {
      return this.#dropSlow()
    }
    // Silence is our own doing while we do not read.
    const silence = this.#isPaused ? 0 : now - this.#heardAt
    if (silence >= deadMillis) {
      this.#endAll({ wasSilent: true })
      return this.#options.link.terminate()
    }
    if (silence < pingMillis || now - this.#pingedAt < pingMillis) return
    this.#pingedAt = now
    this.#options.link.ping()
  }

  #endAll(how: { readonly wasSilent: boolean }): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    if (!this.#wasAttached) this.#options.onSettled()
    const ended = [...this.attachments.values()]
    this.attachments.clear()
    for (const attachment of ended) this.#options.onEnd(attachment, how)
    Queue.shutdownUnsafe(this.frames)
  }

  #dropSlow(): void {
    this.close(closeCodes.overloaded, "it reads too slowly")
    this.#options.link.terminate()
  }

  #isFull(): boolean {
    const { inboxBytesMax, inboxFramesMax } = this.#options.limits
    const frames = Queue.sizeUnsafe(this.frames)
    if (!this.#wasAttached) return this.#waitingBytes > 0
    return frames >= inboxFramesMax || this.#waitingBytes >= inboxBytesMax
  }

  #pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.#options.link.pause()
  }
}
