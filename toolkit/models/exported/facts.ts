/** What an exported file says of the drone where the format has a place for text: names, cuts, and how it was made. */
import { ARITHMETIC_VERSION, type Cuts, shortest } from 'nndrone'
import type { Exported } from './index.ts'

export interface Facts {
  made: string
  sha256: string
  arithmetic: number
  inputs: readonly string[]
  outputs: readonly string[]
  /** By input, where it has one. */
  defaults: Record<string, number>
  cuts: ReturnType<typeof plainCuts>
}

export function factsOf({ network, cuts, made, sha256 }: Exported): Facts {
  return {
    made,
    sha256,
    arithmetic: ARITHMETIC_VERSION,
    inputs: network.inputs.map(({ name }) => name),
    outputs: network.outputs,
    defaults: Object.fromEntries(
      network.inputs.flatMap((input) => (input.default === undefined ? [] : [[input.name, input.default]])),
    ),
    cuts: plainCuts(cuts),
  }
}

/** What each cut compares, and the threshold. */
export function plainCuts(cuts: Cuts): Record<string, Pick<Cuts[string], 'output' | 'threshold'>> {
  const kept = Object.entries(cuts).map(([name, { output, threshold }]) => [
    name,
    { output, threshold: shortest(threshold) },
  ])
  return Object.fromEntries(kept)
}
