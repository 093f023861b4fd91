/** What a drone says of itself. Anyone may have written its JSON, so nothing of it is taken for granted. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { DroneModel } from '../../models/index.ts'
import type { Card, History } from './numbers.ts'

type Part = Readonly<Record<string, unknown>>

export function cardOf(drone: DroneModel): Card {
  return {
    name: basename(drone.file.path),
    sha256: createHash('sha256').update(drone.file.bytes).digest('hex'),
    description: drone.describe(),
    history: historyOf(drone),
  }
}

function historyOf(drone: DroneModel): History | undefined {
  const { loss, change, growths, prunings } = partOf(ownPart(drone), 'training') ?? {}
  const losses = numbers(loss)
  if (losses.length === 0) return undefined
  return { loss: losses, change: numbers(change), growths: numbers(growths), prunings: numbers(prunings) }
}

function ownPart({ drone }: DroneModel): Part | undefined {
  return drone.network.nndrone
}

function partOf(part: Part | undefined, key: string): Part | undefined {
  const value = part?.[key]
  return typeof value === 'object' && value !== null ? (value as Part) : undefined
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'number') : []
}
