/** What the processes of a service tell each other. */
import type { Counts } from '../drift/index.ts'
import type { Snapshot } from '../metrics/index.ts'
import type { Models } from './models.ts'
import type { Served } from './served.ts'

export interface PeerState {
  metrics: Snapshot
  /** The windows of drift, by NAME/VERSION. */
  windows: Record<string, ReturnType<Counts['toJSON']>>
}

/** The other processes of a service. */
export interface Peers {
  states(): Promise<readonly PeerState[]>
  /** Has the others look for what has changed. @param chosen the model that answers where none is named */
  tell(chosen?: string): Promise<void>
  /** Answers what the others ask. */
  listen(answers: { state(): PeerState; changed(chosen?: string): Promise<void> }): void
}

/** A service of one process. */
export const ALONE: Peers = { states: async () => [], tell: async () => {}, listen() {} }

export function windowKey({ name, version }: Served): string {
  return `${name}/${version}`
}

export function windowsOf(models: Models): PeerState['windows'] {
  const served = models.entries.flatMap(({ versions }) => [...versions.values()])
  return Object.fromEntries(served.flatMap((one) => (one.window ? [[windowKey(one), one.window.counts.toJSON()]] : [])))
}
