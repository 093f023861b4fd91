/** Writes a drone as JSON, which lwtnn reads. */
import { formatJSON } from 'nndrone'
import { type Exportable, exported } from '../exported/index.ts'

export interface JSONOptions {
  /** Without our own part: what lwtnn itself writes, and nothing else. */
  plain?: boolean
}

/**
 * The text of the drone's JSON, an lwtnn sequential network; `miscellaneous` says how it was made.
 * @example writeFileSync('lwtnn.json', exportJSON(drone, { plain: true }))
 */
export function exportJSON(source: Exportable, { plain = false }: JSONOptions = {}): string {
  const drone = 'file' in source ? source.drone : source
  const { made } = exported(source)
  const { miscellaneous, nndrone, ...document } = drone.toJSON()
  const said = { ...document, miscellaneous: { ...miscellaneous, made }, ...(!plain && { nndrone }) }
  return `${formatJSON(said)}\n`
}
