/** What all jobs have in common: who looks on, and what ends them. */
import type { Epoch } from 'nndrone'

/** What a job is doing. */
export interface Progress {
  stage: 'reading' | 'asking' | 'training' | 'scoring' | 'measuring'
  /** Bytes read or scored, events asked about, epochs, or models measured. */
  done: number
  /** How many there are, where that is known. */
  total?: number
  /** The epoch that has just ended. */
  epoch?: Epoch
}

export interface JobOptions {
  onProgress?(progress: Progress): void
  /** Takes what a user should know and may have to change: which columns were taken, say. */
  onNotice?(text: string): void
  /** Ends the job: it rejects with the reason of the signal, unless it says otherwise. */
  signal?: AbortSignal
}
