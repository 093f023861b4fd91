/** Which version of a model it is, where no bucket numbers them. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Teacher } from 'nndrone'
import type { Model } from '../../models/index.ts'
import { asModel } from '../models.ts'
import type { VersionedModel } from './scorer.ts'

/** SHA-256 in hexadecimal digits. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A model as a version: named as its file, without the ending, and numbered by the beginning of its hash. */
export function versioned(given: Teacher | Model | VersionedModel): VersionedModel {
  if ('hash' in given) return given
  const model = asModel(given)
  const { path, name = basename(path), bytes } = model.file
  const hash = bytes ? hashOf(bytes) : ''
  return { model, name: name.replace(/\.\w+$/, ''), version: hash.slice(0, 12), hash }
}
