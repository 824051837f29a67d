/**
 * Ids, statements and envelopes in the right form, for tests of stores: a store checks no signature.
 *
 * @module
 */
import {
  DeviceId,
  type EnvelopeHeader,
  MemberId,
  MeshId,
  MessageId,
  type Statement
} from "@claudemesh/protocol"
import type { Admission } from "../log_store.ts"
import type { StoredChange } from "../membership_store.ts"

/** The time at which everything here happens. */
export const SAMPLE_AT = 1_767_225_600_000

const ZEROS_32 = "A".repeat(43)
const ZEROS_64 = "A".repeat(86)

/** A mesh named by a letter of a to z. */
export function sampleMesh(letter: string): MeshId {
  return MeshId.make(`m_${letter.repeat(26)}`)
}

/** A device named by a letter of a to z. */
export function sampleDevice(letter: string): DeviceId {
  return DeviceId.make(`d_${letter.repeat(26)}`)
}

/** A statement in form. */
export function sampleStatement(mesh: MeshId, seq: number): Statement {
  const by = MemberId.make(`u_${"a".repeat(26)}`)
  const place = { v: 1, mesh, seq, prev: ZEROS_32, at: SAMPLE_AT, by } as const
  return { ...place, kind: "invite_revoke", body: { key: ZEROS_32 }, sig: ZEROS_64 }
}

/** A mesh with some devices, founded by one statement. */
export function sampleFounding(
  mesh: MeshId,
  ...devicesAdded: ReadonlyArray<DeviceId>
): StoredChange {
  return {
    mesh,
    after: undefined,
    statements: [sampleStatement(mesh, 1)],
    head: { seq: 1, hash: "one" },
    devicesAdded,
    devicesEnded: [],
    invitesAdded: []
  }
}

/** What an admission may say otherwise than by default. */
export interface SampleOptions {
  readonly mesh?: MeshId
  readonly from?: DeviceId
  readonly to?: ReadonlyArray<DeviceId>
  readonly attempt?: number
  readonly commit?: string
  readonly ttl?: number
  readonly now?: number
  /** The sender's attachment; until it has attached that is number 0. */
  readonly epoch?: number
  readonly class?: EnvelopeHeader["class"]
}

const DEFAULTS: Required<SampleOptions> = {
  mesh: sampleMesh("m"),
  from: sampleDevice("a"),
  to: [sampleDevice("b")],
  attempt: 0,
  commit: ZEROS_32,
  ttl: 60_000,
  now: SAMPLE_AT,
  epoch: 0,
  class: "dm"
}

/** The envelope of that number: from device a to device b, unless told otherwise. */
export function sampleAdmission(number: number, options: SampleOptions = {}): Admission {
  const { attempt, commit, epoch, from, mesh, now, to, ttl, ...more } = { ...DEFAULTS, ...options }
  const header: EnvelopeHeader = {
    v: 1,
    mesh,
    from: { device: from },
    class: more.class,
    to: to.map((device) => ({ device, sseq: number })),
    id: MessageId.make(`019b7600-0000-7000-8000-${number.toString(16).padStart(12, "0")}`),
    attempt,
    sent_at: SAMPLE_AT,
    ttl,
    log_head: [1, ZEROS_32],
    pad: 256,
    commit,
    ck_commit: ZEROS_32
  }
  return { header, epoch, now, text: `"envelope ${number}.${attempt}"` }
}
