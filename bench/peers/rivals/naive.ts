/** The code that one writes first. */
import { naive } from '../../naive.ts'
import { oneByOne } from '../one-by-one.ts'
import type { Rival } from '../rival.ts'

export const plain: Rival = {
  name: 'plain TypeScript',
  async prepare(network) {
    const one = naive(network)
    return { one, batch: oneByOne(one, network.inputs.length) }
  },
}
