/**
 * Draws operations on stores from a seed: what brokers ask of them, and what a broken or hostile one would.
 *
 * @module
 */
import {
  DeviceId,
  InviteId,
  type LogHead,
  MeshId,
  type Prekey,
  PrekeyId
} from "@claudemesh/protocol"
import { type Chance, makeChance } from "@claudemesh/testkit/simulation"
import { Effect } from "effect"
import { type Acknowledgement, type Admission, LogStore, type Mailbox } from "../log_store.ts"
import { MembershipStore, type StoredChange } from "../membership_store.ts"
import { PrekeyStore } from "../prekey_store.ts"
import type { StoreFailed } from "../store_failed.ts"
import { SAMPLE_AT, sampleAdmission, type SampleOptions, sampleStatement } from "./sample.ts"

/** The stores that an operation runs on. */
export type Stores = LogStore | MembershipStore | PrekeyStore

/** One operation, and what it is called in a report. */
export interface Operation {
  readonly said: string
  readonly run: Effect.Effect<unknown, StoreFailed, Stores>
  /** What the next draws build on, from what it answered. */
  readonly learn?: (answer: unknown) => void
}

interface Sender {
  readonly mesh: MeshId
  readonly from: DeviceId
}

const MESHES = ["m", "n"]
const DEVICES = ["a", "b", "c", "d", "e"]
const ATTEMPTS = [0, 1, 2, Number.MAX_SAFE_INTEGER]

/** Draws one operation after another, about two small meshes of its own. */
export class RandomOperations {
  readonly meshes: ReadonlyArray<MeshId>
  readonly mailboxes: ReadonlyArray<Mailbox>
  readonly #chance: Chance
  readonly #devices: ReadonlyArray<DeviceId>
  readonly #heads = new Map<MeshId, LogHead>()
  readonly #epochs = new Map<string, number>()
  readonly #sent: Array<Admission> = []
  #now = SAMPLE_AT

  /** `number` tells the meshes of one seed from those of another, in one database. */
  constructor(number: number) {
    this.#chance = makeChance(`operations ${number}`)
    this.meshes = MESHES.map((letter) => MeshId.make(`m_${idOf(letter, number)}`))
    this.#devices = DEVICES.map((letter) => DeviceId.make(`d_${idOf(letter, number)}`))
    this.mailboxes = this.meshes.flatMap((mesh) =>
      this.#devices.map((device) => ({ mesh, device }))
    )
  }

  /** The next one. */
  next(): Operation {
    this.#now += this.#chance.below(5)
    const draws: ReadonlyArray<readonly [number, () => Operation]> = [
      [this.#heads.size < this.meshes.length ? 20 : 2, () => this.#append()],
      [3, () => this.#attach()],
      [8, () => this.#admit()],
      [3, () => this.#acknowledge()],
      [2, () => this.#sweep()],
      [1, () => this.#put()],
      [1, () => this.#find()]
    ]
    let left = this.#chance.below(draws.reduce((sum, [weight]) => sum + weight, 0))
    const drawn = draws.find(([weight]) => (left -= weight) < 0)
    return drawn === undefined ? this.#append() : drawn[1]()
  }

  #mailbox(): Mailbox {
    return this.#chance.pick(this.mailboxes)
  }

  #some<A>(items: ReadonlyArray<A>, probability: number): ReadonlyArray<A> {
    return items.filter(() => this.#chance.happens(probability))
  }

  #append(): Operation {
    const unfounded = this.meshes.find((mesh) => !this.#heads.has(mesh))
    const mesh = unfounded ?? this.#chance.pick(this.meshes)
    const before = this.#heads.get(mesh)
    // Now and then it follows another head than the log has.
    const after = this.#chance.happens(0.1) ? { seq: before?.seq ?? 1, hash: "other" } : before
    const seq = (after?.seq ?? 0) + 1
    const change: StoredChange = {
      mesh,
      after,
      statements: [sampleStatement(mesh, seq)],
      head: { seq, hash: `hash ${seq}` },
      devicesAdded: this.#some(this.#devices, before === undefined ? 0.9 : 0.3),
      devicesEnded: this.#some(this.#devices, before === undefined ? 0 : 0.1),
      invitesAdded: this.#some([this.#invite()], 0.3)
    }
    return {
      said: `append ${JSON.stringify({ ...change, statements: [] })}`,
      run: MembershipStore.use((store) => store.append(change)),
      learn: (answer) => void (answer === true && this.#heads.set(mesh, change.head))
    }
  }

  #attach(): Operation {
    const mailbox = this.#mailbox()
    return {
      said: `attach ${JSON.stringify(mailbox)}`,
      run: LogStore.use((store) => store.attach(mailbox)),
      learn: (answer) => {
        if (typeof answer !== "object" || answer === null || !("epoch" in answer)) return
        this.#epochs.set(keyOf(mailbox), Number(answer.epoch))
      }
    }
  }

  #admit(): Operation {
    const batch = Array.from({ length: this.#chance.between(1, 6) }, () => this.#admission())
    return {
      said: `admit ${JSON.stringify(batch.map(shown))}`,
      run: LogStore.use((store) => store.admit(batch))
    }
  }

  #admission(): Admission {
    const sent = this.#sent
    if (sent.length > 0 && this.#chance.happens(0.25)) return this.#again(this.#chance.pick(sent))
    const { device, mesh } = this.#mailbox()
    const admission = this.#sized(sent.length + 1, {
      mesh,
      from: device,
      to: this.#some(this.#devices, 0.4),
      class: this.#chance.happens(0.2) ? "receipt" : "dm"
    })
    sent.push(admission)
    return admission
  }

  /** The same, or nearly. */
  #again(before: Admission): Admission {
    const { attempt, class: kind, commit, from, mesh, to } = before.header
    const chance = this.#chance
    return this.#sized(this.#sent.indexOf(before) + 1, {
      mesh,
      from: chance.happens(0.1) ? chance.pick(this.#devices) : from.device,
      to: to.map(({ device }) => device),
      attempt: chance.happens(0.7) ? attempt : chance.pick(ATTEMPTS),
      commit: chance.happens(0.1) ? "B".repeat(43) : commit,
      class: kind
    })
  }

  #sized(number: number, options: SampleOptions & Sender): Admission {
    const { from, mesh } = options
    const ttl = this.#chance.pick([5, 50, 60_000])
    const epoch = this.#epoch({ mesh, device: from })
    const admission = sampleAdmission(number, { ttl, now: this.#now, epoch, ...options })
    return { ...admission, text: "x".repeat(this.#chance.pick([10, 60, 150, 400])) }
  }

  /** Mostly the newest. */
  #epoch(mailbox: Mailbox): number {
    const newest = this.#epochs.get(keyOf(mailbox)) ?? 0
    return this.#chance.happens(0.1) ? newest + this.#chance.pick([-1, 1]) : newest
  }

  #acknowledge(): Operation {
    const acks = Array.from({ length: this.#chance.between(1, 4) }, (): Acknowledgement => {
      const mailbox = this.#mailbox()
      return { mailbox, epoch: this.#epoch(mailbox), upto: this.#chance.below(8) }
    })
    return {
      said: `acknowledge ${JSON.stringify(acks)}`,
      run: LogStore.use((store) => store.acknowledge(acks))
    }
  }

  #sweep(): Operation {
    const now = this.#now - this.#chance.below(20)
    const dedupesBefore = this.#chance.happens(0.3) ? now - this.#chance.below(40) : 0
    // More rows than there are: which of them go first is the store's own affair.
    const options = { now, dedupesBefore, rowsMax: 10_000 }
    return {
      said: `sweep ${JSON.stringify(options)}`,
      run: LogStore.use((store) => store.sweep(options))
    }
  }

  #put(): Operation {
    const { device, mesh } = this.#mailbox()
    const id = PrekeyId.make(`p_${this.#chance.pick(["x", "y", "z"]).repeat(26)}`)
    const bytes = { key: `${"A".repeat(1_621)}A`, sig: "A".repeat(86) }
    const prekey: Prekey = { mesh, device, id, at: this.#now, ...bytes }
    return {
      said: `put ${JSON.stringify({ mesh, device, id })}`,
      run: PrekeyStore.use((store) => store.put(prekey))
    }
  }

  #find(): Operation {
    const invite = this.#invite()
    return {
      said: `find ${invite}`,
      run: MembershipStore.use((store) => store.meshOfInvite(invite))
    }
  }

  #invite(): InviteId {
    return InviteId.make(`i_${this.#chance.pick(["i", "j", "k"]).repeat(26)}`)
  }

  /** Everything that readers see. */
  get state(): Effect.Effect<unknown, StoreFailed, Stores> {
    const { mailboxes, meshes } = this
    const devices = this.#devices
    return Effect.gen(function*() {
      const logs = yield* LogStore
      const members = yield* MembershipStore
      const prekeys = yield* PrekeyStore
      return yield* Effect.all({
        logs: Effect.forEach(mailboxes, (mailbox) => logs.read(mailbox, 0, 1_000)),
        statements: Effect.forEach(meshes, (mesh) => members.read(mesh, 0, 1_000)),
        prekeys: Effect.forEach(meshes, (mesh) => prekeys.get(mesh, devices))
      })
    })
  }
}

function keyOf({ device, mesh }: Mailbox): string {
  return `${mesh} ${device}`
}

function shown({ epoch, header, now, text }: Admission) {
  const { attempt, class: kind, commit, from, id, mesh, to, ttl } = header
  const brief = { id: id.slice(-4), attempt, commit: commit[0], kind, ttl, bytes: text.length }
  return { ...brief, mesh, from: from.device, to: to.map(({ device }) => device), epoch, now }
}

/** Twenty-six letters and digits: one letter, and the number in letters. */
function idOf(letter: string, number: number): string {
  const digits = number.toString().replaceAll(/\d/g, (digit) => "abcdefghij".charAt(Number(digit)))
  return `${letter.repeat(26 - digits.length)}${digits}`
}
