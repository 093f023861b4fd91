/** Scores as Parquet: a column of floats an output, behind the columns that go through. */
import type { SchemaElement } from 'hyparquet'
import type { ColumnSource } from 'hyparquet-writer'
import type { Cell, CellType } from '../index.ts'
import type { Layout, ScoreFormat, ScoreWriter } from './format.ts'
import { cellNumber, Held } from './held.ts'

/** Events of a group of rows. */
const GROUP = 1 << 17

export const parquet: ScoreFormat = {
  endings: ['parquet'],
  async writer(layout) {
    const open = await opener()
    return layout.kept.length > 0 ? heldWriter(layout, open) : plainWriter(layout, open)
  },
}

type Open = (columns: readonly SchemaElement[]) => ParquetFile

interface ParquetFile {
  /** Writes a group of rows. */
  write(columnData: ColumnSource[]): void
  finish(): void
  /** What has been written since the last time. */
  taken(): Uint8Array
}

async function opener(): Promise<Open> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer')
  return (columns) => {
    const bytes = new ByteWriter()
    const schema = [{ name: 'scores', num_children: columns.length }, ...columns]
    const file = new ParquetWriter({ writer: bytes, schema, createdBy: 'nndrone' })
    return {
      write: (columnData) => void file.write({ columnData, rowGroupSize: GROUP }),
      finish: () => void file.finish(),
      taken() {
        const copy = Uint8Array.from(bytes.getBytes())
        bytes.index = 0
        return copy
      },
    }
  }
}

function scoreColumn(name: string): SchemaElement {
  return { name, type: 'FLOAT', repetition_type: 'REQUIRED' }
}

function plainWriter({ outputs }: Layout, open: Open): ScoreWriter {
  const file = open(outputs.map(scoreColumn))
  const group = outputs.map(() => new Float32Array(GROUP))
  let count = 0
  function flush(): void {
    if (count > 0) file.write(outputs.map((name, i) => ({ name, data: group[i]!.subarray(0, count) })))
    count = 0
  }
  return {
    scores(scores) {
      for (let at = 0; at < scores.length; at += outputs.length) {
        for (let i = 0; i < outputs.length; i++) group[i]![count] = scores[at + i]!
        if (++count === GROUP) flush()
      }
      return file.taken()
    },
    *end() {
      flush()
      file.finish()
      yield file.taken()
    },
  }
}

function heldWriter(layout: Layout, open: Open): ScoreWriter {
  const held = new Held(layout)
  return {
    scores(scores, kept) {
      held.add(scores, kept!)
      return ''
    },
    *end() {
      const { columns } = held
      const kinds = columns.map((column) => KINDS[column.holds(true)])
      const elements = columns.map(({ name, missing }, i) => keptColumn(name, kinds[i]!, missing))
      const file = open([...elements, ...layout.outputs.map(scoreColumn)])
      for (const { scores, cells } of held.blocks(GROUP)) {
        const kept = columns.map(({ name }, i) => ({ name, data: cells[i]!.map(kinds[i]!.value) }))
        const width = layout.outputs.length
        const own = layout.outputs.map((name, i) => ({ name, data: scores.filter((_, at) => at % width === i) }))
        file.write([...kept, ...own])
        yield file.taken()
      }
      file.finish()
      yield file.taken()
    },
  }
}

interface Kind {
  type: SchemaElement['type']
  converted?: SchemaElement['converted_type']
  value(cell: Cell): unknown
}

const orNull = (value: (cell: string) => unknown) => (cell: Cell) => (cell === undefined ? null : value(cell))

const KINDS: Readonly<Record<CellType | 'text', Kind>> = {
  integer: { type: 'INT64', value: orNull(BigInt) },
  float32: { type: 'FLOAT', value: orNull(cellNumber) },
  float64: { type: 'DOUBLE', value: orNull(cellNumber) },
  text: { type: 'BYTE_ARRAY', converted: 'UTF8', value: orNull((text) => text) },
}

function keptColumn(name: string, { type, converted }: Kind, missing: boolean): SchemaElement {
  return {
    name,
    type,
    repetition_type: missing ? 'OPTIONAL' : 'REQUIRED',
    ...(converted && { converted_type: converted }),
  }
}
