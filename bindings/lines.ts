/** `nndrone/lines`: events from lines of NDJSON and CSV, and scores as such lines; bytes in, bytes out. */
export { toNumber } from './lines/cells.ts'
export { lastRecord, type QuotedRecord, type QuoteFault, quotedRecord } from './lines/quotes.ts'
export { Scanner, type WantedColumns, type WantedKeys } from './lines/scanner.ts'
export { csvForm, ndjsonForm, type ScoreForm, ScoreText } from './lines/scores.ts'
