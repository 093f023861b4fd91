/** What any file of Keras has to tell. */
import type { InputError } from '../../../errors.ts'
import type { Stored } from '../../keras/weights.ts'
import type { Node } from './config.ts'

export interface Saved {
  /** Of Keras. */
  version?: string
  /** What Keras computed with. */
  backend?: string
  config: unknown
  /** The weights of a layer, in the order of the file; those left of a list that layers share. */
  stored(node: Node): Stored[]
}

/** @param what as messages name it */
export function parsed(json: string, what: string, fail: (message: string) => InputError): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw fail(`${what}: not JSON`)
  }
}
