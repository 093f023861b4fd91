/** Events from NumPy's NPZ: named arrays [events], each a column, and at most one [events × columns] beside them. */
import { InputError } from '../../errors.ts'
import type { Ranges } from '../../files/ranges.ts'
import { zipEntries } from '../../files/zip.ts'
import { type Format, numberedPositions, positions, quoted, type Table } from '../source.ts'
import { arrayAt, type Column, MOST_COLUMNS, type NpyArray, readable, textual } from './npy.ts'
import type { Opened } from './opened.ts'
import { cellTypes, readStrips } from './strips.ts'

export const npz: Format = {
  matches: (head) => head[0] === 0x50 && head[1] === 0x4b && head[2]! < 9,
  open,
}

/** A column, and the number of its array's events. */
type Counted = Column & { count: number }

async function open(opened: Opened): Promise<Table> {
  const { name } = opened
  const columns = columnsOf(name, await arrays(name, await opened.seekable('NPZ')))
  const names = columns.map((column) => column.name)
  return {
    format: 'npz',
    columns: names,
    cellTypes: cellTypes(columns),
    read(wanted, { keep } = {}) {
      const chosen = numberedPositions(name, names, wanted).map((at) => columns[at]!)
      const kept = keep && positions(name, names, keep).map((at) => columns[at]!)
      const fields = chosen.map(readable)
      const texts = kept?.map(textual)
      const [first] = chosen
      const other = [...chosen, ...(kept ?? [])].find((column) => column.count !== first!.count)
      if (!other) return readStrips(name, first!.count, fields, texts)
      const [one, two] = [first!, other].map((column) => `${quoted(column.name)} has ${column.count} events`)
      throw new InputError(`${name}: ${one}, but ${two}`)
    },
  }
}

/** The archive's arrays; one that cannot be read is known by its name alone. */
async function arrays(name: string, archive: Ranges): Promise<Member[]> {
  const members: Member[] = []
  let count = 0
  const isArray = (file: string) => {
    if (!file.endsWith('.npy')) return false
    if (++count > MOST_COLUMNS) throw new InputError(`${name}: more than ${MOST_COLUMNS} arrays`)
    return true
  }
  for (const [file, ranges] of await zipEntries(name, archive, isArray)) {
    const title = file.slice(0, -'.npy'.length)
    const array = await arrayAt(`${name}: ${file}`, ranges).catch((error: unknown) => {
      if (error instanceof InputError) return { count: 0, columns: [{ name: title, unreadable: error }], named: true }
      throw error
    })
    members.push({ title, ...array })
  }
  if (members.length > 0) return members
  throw new InputError(`${name}: a zip archive without NumPy arrays`)
}

interface Member extends NpyArray {
  title: string
}

/** An array of one column is named as its file; numbered columns are those of the one array that has several. */
function columnsOf(name: string, members: readonly Member[]): Counted[] {
  const wide = members.filter(({ columns, named }) => !named && columns.length > 1)
  const titles = wide.map(({ title }) => title).join(', ')
  const several = new InputError(`${name}: several arrays of many columns (${titles}), expected one`)
  return members.flatMap((member): Counted[] => {
    const { title, count, columns, named } = member
    if (named || (wide.length === 1 && wide[0] === member)) return columns.map((column) => ({ ...column, count }))
    if (columns.length === 1) return [{ ...columns[0]!, name: title, count }]
    return [{ name: title, count, unreadable: several }]
  })
}
