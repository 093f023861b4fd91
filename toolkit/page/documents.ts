/** The drones of the service, each fetched and placed once. */
import { Drone } from 'nndrone'
import { answer, modelPath } from './service.ts'

/** A drone that scores in this page. */
export interface Loaded {
  drone: Drone
  document: string
  /** The `nndrone` part of its JSON, which anybody may have written. */
  own: Part
}

export type Part = Readonly<Record<string, unknown>>

/** So many stay at hand. */
const KEPT = 50
const known = new Map<string, Promise<Loaded>>()

/** @param key of the document, that of a changed file is another */
export function loaded(name: string, version: string, key: string): Promise<Loaded> {
  const id = `${name}/${version}/${key}`
  const before = known.get(id)
  if (before) return before
  const promise = load(name, version)
  known.set(id, promise)
  promise.catch(() => known.delete(id))
  if (known.size > KEPT) {
    // A view may show it still: its memory is given back when nobody holds it any more.
    known.delete(known.keys().next().value!)
  }
  return promise
}

async function load(name: string, version: string): Promise<Loaded> {
  const document = await (await answer(`${modelPath(name, version)}/drone.json`)).text()
  const drone = await Drone.load(document)
  return { drone, document, own: partOf(drone.network.nndrone) }
}

export function partOf(value: unknown): Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Part) : {}
}

export function numbersOf(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'number') : []
}
