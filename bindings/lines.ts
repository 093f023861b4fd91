/** `nndrone/lines`: events from lines of NDJSON and CSV, and scores as such lines; bytes in, bytes out. */
export { toNumber } from './lines/cells.ts'
export { delimiterOf, lastRecord, type QuotedRecord, type QuoteFault, quotedRecord } from './lines/quotes.ts'
export { type LineFormat, LineReader, type LineReaderOptions } from './lines/reader.ts'
export { Scanner, type WantedColumns, type WantedKeys } from './lines/scanner.ts'
export { csvForm, ndjsonForm, type ScoreForm, ScoreText } from './lines/scores.ts'
export { type LineScorer, type ScoreLinesOptions, scoreLines } from './lines/stream.ts'
