/**
 * The broker without a socket: stores below, connections above. A simulator gives it links of its own.
 *
 * @module
 */
import { Layer } from "effect"
import { AwakeClock } from "./awake_clock.ts"
import { Attachments } from "./gateway/attachments.ts"
import { Dispatch } from "./gateway/dispatch.ts"
import { Gateway } from "./gateway/gateway.ts"
import * as Renames from "./gateway/renames.ts"
import * as Watch from "./gateway/watch.ts"
import { Admissions } from "./logs/admissions.ts"
import { CatchUp } from "./logs/catch_up.ts"
import { Cursors } from "./logs/cursors.ts"
import * as LogRecheck from "./logs/log_recheck.ts"
import * as RetentionSweeper from "./logs/retention_sweeper.ts"
import { MembershipNews } from "./membership/membership_news.ts"
import { MembershipLog } from "./membership/membership_log.ts"
import { Meshes } from "./membership/meshes.ts"
import * as LeaseKeeper from "./presence/lease_keeper.ts"
import { Roster } from "./presence/roster.ts"
import { Readiness } from "./readiness.ts"

const state = Layer.mergeAll(Attachments.layer, Roster.layer).pipe(
  Layer.provideMerge(AwakeClock.layer)
)

const services = Layer.mergeAll(Meshes.layer, Admissions.layer).pipe(
  Layer.provideMerge(MembershipLog.layer),
  Layer.provideMerge(Layer.mergeAll(MembershipNews.layer, CatchUp.layer, Cursors.layer)),
  Layer.provideMerge(state)
)

/** Serves connections; needs the stores and a source of secure randomness. */
export const layer = Layer.mergeAll(
  Watch.layer,
  LeaseKeeper.layer,
  LogRecheck.layer,
  Renames.layer,
  RetentionSweeper.layer
).pipe(
  Layer.provideMerge(Gateway.layer),
  Layer.provide(Dispatch.layer),
  Layer.provideMerge(services),
  Layer.provideMerge(Readiness.layer)
)
