/** Lines through a scorer as a stream: bytes of events in, bytes of scores out. */
import { type EvaluationError, refuse } from '../errors.ts'
import type { EventStream } from '../host.ts'
import { checkOptions, type OptionTypes } from '../options.ts'
import { type LineFormat, LineReader } from './reader.ts'
import { csvForm, ndjsonForm, ScoreText } from './scores.ts'

/** What scores events: a `Drone`, a `Swarm`, or anything like these. */
export interface LineScorer {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** [events × inputs] → [events × outputs] */
  predictBatch(events: Float64Array): Float32Array
}

export interface ScoreLinesOptions {
  /** Told from the first line unless given: an object or an array makes it NDJSON. Scores have the same format. */
  format?: LineFormat
  /** Called with a line that holds no event, its text and its number, from 1; it is left out. By default the stream ends. */
  onError?(error: EvaluationError, text: string, line: number): void
}

const OPTIONS: OptionTypes<ScoreLinesOptions> = { format: '', onError: 'function' }

/**
 * A stream that scores lines: NDJSON is answered with an object of scores for each event, CSV with a header and a row for
 * each. What has arrived is answered at once. A missing value gives null in NDJSON and nan in CSV, unless the scorer has a
 * default for it.
 * @throws ConfigurationError on a scorer that is none, and on an option that does not exist or does not fit
 * @example await response.body.pipeThrough(scoreLines(drone)).pipeTo(destination)
 */
export function scoreLines(
  scorer: LineScorer,
  options: ScoreLinesOptions = {},
): EventStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  checkOptions('scoreLines', options, OPTIONS)
  if (typeof scorer?.predictBatch !== 'function') refuse('scoreLines', scorer, 'a drone or a swarm')
  const reader = new LineReader({ ...options, inputs: scorer.inputs })
  let text: ScoreText | undefined

  function answer(pieces: Iterable<Float64Array>, controller: { enqueue(bytes: Uint8Array<ArrayBuffer>): void }): void {
    for (const events of pieces) {
      begin(controller)
      controller.enqueue(text!.bytes(scorer.predictBatch(events)).slice())
    }
    begin(controller)
  }

  /** The header comes as soon as the lines are known to be CSV. */
  function begin(controller: { enqueue(bytes: Uint8Array<ArrayBuffer>): void }): void {
    if (text || !reader.ready) return
    const { outputs } = scorer
    text = new ScoreText(reader.format === 'csv' ? csvForm(outputs.length) : ndjsonForm(outputs))
    if (reader.format === 'csv') controller.enqueue(new TextEncoder().encode(`${outputs.map(csvCell).join(',')}\n`))
  }

  return new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
    transform: (bytes, controller) => answer(reader.read(bytes), controller),
    flush: (controller) => answer(reader.end(), controller),
  })
}

/** In quotes where its text would break the line or the row. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
