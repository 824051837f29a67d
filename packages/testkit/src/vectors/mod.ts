/**
 * The published test vectors: every set, and the recording of frames.
 *
 * @module
 */
import {
  aeadVectors,
  canonicalJsonVectors,
  hashVectors,
  kemVectors,
  signVectors
} from "./crypto_vectors.ts"
import { envelopeVectors } from "./envelope_vectors.ts"
import { attachVectors, prekeyVectors, receiptVectors } from "./message_vectors.ts"
import { sealVectors } from "./seal_vectors.ts"
import { statementVectors } from "./statement_vectors.ts"
import {
  encodingVectors,
  frameVectors,
  idVectors,
  inviteVectors,
  jsonTextVectors
} from "./text_vectors.ts"
import type { VectorSet } from "./vector_set.ts"

/** The table of sets, a file each. */
export const vectorSets: ReadonlyArray<VectorSet> = [
  canonicalJsonVectors,
  jsonTextVectors,
  encodingVectors,
  hashVectors,
  signVectors,
  kemVectors,
  aeadVectors,
  idVectors,
  statementVectors,
  inviteVectors,
  prekeyVectors,
  attachVectors,
  sealVectors,
  envelopeVectors,
  receiptVectors,
  frameVectors
]

export { recordFrames } from "./recorded_frames.ts"
export { VectorFile } from "./vector_set.ts"
