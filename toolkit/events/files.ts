/** Several files as one, and patterns such as `run*.csv`. */
import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { InputError } from '../errors.ts'
import type { Piece } from './pieces.ts'
import { type EventSource, quoted, type Reading } from './source.ts'

/**
 * The files that names and patterns stand for, those of a pattern in the order of their names. A file that is there is
 * meant by its name, whatever characters that has; standard input is `-`.
 * @throws InputError where no file matches a pattern
 */
export async function filesOf(patterns: readonly string[]): Promise<string[]> {
  const files: string[] = []
  const taken = new Set<string>()
  for (const pattern of patterns) {
    const found = (await matches(pattern)) ?? [pattern]
    for (const file of found) {
      // A file that a name and a pattern both stand for is read once.
      if (found.length === 1 || !taken.has(file)) files.push(file)
      taken.add(file)
    }
  }
  return files
}

/** The files of a pattern; undefined where it is none. */
async function matches(pattern: string): Promise<string[] | undefined> {
  const { glob, isDynamicPattern } = await import('tinyglobby')
  if (pattern === '-' || existsSync(pattern) || !isDynamicPattern(pattern)) return undefined
  const find = (path: string) => glob(path, { onlyFiles: true, expandDirectories: false, absolute: isAbsolute(path) })
  const found = await find(pattern)
  if (found.length > 0) return found.sort()
  const [, files, part] = /^(.+):([^:]+)$/.exec(pattern) ?? []
  const parts = files === undefined ? [] : await find(files)
  if (parts.length > 0) return parts.sort().map((file) => `${file}:${part}`)
  throw new InputError(`${pattern}: no file matches`)
}

/**
 * The events of several files, one after the other. Each has the same columns, in any order.
 * @param open opens one of them
 * @throws InputError that names the file which lacks a column
 */
export async function several(
  files: readonly string[],
  open: (file: string) => Promise<EventSource>,
): Promise<EventSource> {
  const first = await open(files[0]!)
  const kept = new Map([[0, first]])
  let size = first.size
  for (const [i, file] of files.entries()) {
    if (i === 0) continue
    const source = await open(file)
    checkColumns(first, source)
    size = size === undefined || source.size === undefined ? undefined : size + source.size
    if (source.size === undefined) kept.set(i, source)
    else await source.close()
  }
  let read = 0
  let current = first
  async function* rest(begun: AsyncIterable<Piece>, wanted: readonly string[], reading?: Reading) {
    let rows = yield* numbered(begun, wanted.length, 0)
    for (const [i, file] of files.entries()) {
      if (i === 0) continue
      read += current.bytesRead()
      current = kept.get(i) ?? (await open(file))
      rows = yield* numbered(current.read(wanted, reading), wanted.length, rows)
    }
  }
  return {
    ...first,
    name: `${first.name} and ${files.length - 1} more`,
    size,
    bytesRead: () => read + current.bytesRead(),
    close: () => current.close(),
    read: (wanted, reading) => rest(first.read(wanted, reading), wanted, reading),
  }
}

/** Counts the rows of a file on from those before. Returns how many there are then. */
async function* numbered(pieces: AsyncIterable<Piece>, width: number, before: number): AsyncGenerator<Piece, number> {
  let rows = before
  for await (const piece of pieces) {
    for (const kept of piece.kept ?? []) kept.row += before
    rows += piece.kept?.length ?? piece.rows.length / width
    yield piece
  }
  return rows
}

/** Where each event names its own columns there is nothing to check. */
function checkColumns(one: EventSource, other: EventSource): void {
  for (const [here, there] of [
    [one, other],
    [other, one],
  ] as const) {
    if (!here.columns || !there.columns || here.format === 'ndjson' || there.format === 'ndjson') return
    const names = new Set(there.columns)
    const lacking = here.columns.find((name) => !names.has(name))
    if (lacking !== undefined)
      throw new InputError(`${there.name}: no column ${quoted(lacking)}, which ${here.name} has`)
  }
}
