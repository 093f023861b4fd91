/** What the processes of a service tell each other. */
import type { Counts } from '../drift/index.ts'
import type { Snapshot } from '../metrics/index.ts'

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

export function windowKey({ name, version }: { name: string; version: string }): string {
  return `${name}/${version}`
}
