/** The inputs of a drone: given by the caller, or standardised by the events that are trained with. */
import type { Input } from '../model/network.ts'
import { type Data, mask, type Split } from './data.ts'
import { type InputStatistics, robustStatistics, standardised, statistics } from './standardise.ts'

export interface KnownInputs {
  inputs: Input[]
  /** Of the events that are trained with. */
  known: InputStatistics[]
}

/** What is not given follows from the events: standardisation, and what values become where some are missing. */
export async function inputsOf({ events, names, count, inputs, scaling }: Data, split: Split): Promise<KnownInputs> {
  const width = names.length
  const rows = await mask(split.training, count)
  const known = await statistics(events, width, rows)
  const robust = scaling === 'quantiles' ? await robustStatistics(events, width, rows) : known
  for (const n of split.heldOut) rows[n] = 1
  const all = await statistics(events, width, rows)
  const chosen = inputs.map((given, i) => {
    const { mean } = robust[i]!
    const standard = { name: names[i]!, ...standardised(robust[i]!), ...(all[i]!.missing > 0 && { default: mean }) }
    return typeof given === 'string' ? standard : { ...standard, ...given }
  })
  return { inputs: chosen, known }
}
