/**
 * Events from a tree or an RNTuple of a ROOT file, `file.root:tree`: its flat columns. jsroot, if it is installed, reads
 * what the file holds; the numbers are read here, so that no more than a basket or a page is in memory.
 */
import { InputError } from '../../../errors.ts'
import { type Format, positions, quoted, type Table } from '../../source.ts'
import type { Opened } from '../opened.ts'
import { cellTypes, type Field, readStrips } from '../strips.ts'
import { isText } from '../text.ts'
import { findTable } from './directory.ts'
import { openROOT, quietly, type RootFile } from './file.ts'
import { readNTuple } from './ntuple.ts'
import type { Column, RootTable } from './table.ts'
import { readTree } from './tree.ts'

export const root: Format = {
  matches: (head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'root' && !isText(head),
  hasParts: true,
  open,
}

async function open(opened: Opened): Promise<Table> {
  const { name, part } = opened
  const file = await openROOT(name, await opened.seekable('ROOT'))
  const { count, columns } = await quietly(name, () => readTable(file, part))
  const all = columns.map((column) => column.name)
  return {
    format: 'root',
    columns: all,
    cellTypes: cellTypes(columns.flatMap(({ name, field }) => (typeof field === 'string' ? [] : [{ ...field, name }]))),
    check: (at, kept) => void fieldOf(name, columns[at]!, kept),
    read(wanted, { keep } = {}) {
      const fieldsOf = (names: readonly string[], kept: boolean) =>
        positions(name, all, names).map((at) => fieldOf(name, columns[at]!, kept))
      return readStrips(name, count, fieldsOf(wanted, false), keep && fieldsOf(keep, true))
    },
  }
}

async function readTable(file: RootFile, part: string | undefined): Promise<RootTable> {
  const table = await findTable(file, part)
  return table.isNTuple ? readNTuple(file, table.path) : readTree(file, table.path)
}

/** @throws InputError where a column holds anything but a number for each event */
function fieldOf(file: string, { name, field }: Column, kept: boolean): Field {
  if (typeof field !== 'string') return field
  const hint = `choose flat branches, as in \`${kept ? 'keep' : 'features'}\` a,b`
  throw new InputError(`${file}: branch ${quoted(name)} holds ${field}, expected a number; ${hint}`)
}
