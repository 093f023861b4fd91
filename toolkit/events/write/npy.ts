/**
 * Scores as NumPy's NPY: float32 [events], or [events × outputs] where there are several; records with a field for each
 * column where others go through with them.
 */
import type { Cell, CellType } from '../index.ts'
import type { Layout, ScoreFormat, ScoreWriter } from './format.ts'
import { cellNumber, Held } from './held.ts'

export const npy: ScoreFormat = {
  endings: ['npy'],
  writer: (layout) => (layout.kept.length > 0 ? recordWriter(layout) : plainWriter(layout)),
}

/** Bytes of the header with all that stands before it; room for any number of events. */
const HEADER = 128

function plainWriter({ outputs }: Layout): ScoreWriter {
  let count = 0
  const header = () => {
    const shape = outputs.length === 1 ? `${count / outputs.length},` : `${count / outputs.length}, ${outputs.length}`
    return headerBytes(`'<f4'`, shape)
  }
  return {
    begin: header,
    scores(scores) {
      count += scores.length
      const bytes = Buffer.alloc(4 * scores.length)
      for (const [i, score] of scores.entries()) bytes.writeFloatLE(score, 4 * i)
      return bytes
    },
    beginning: header,
  }
}

/** With its length in two bytes, or in four and UTF-8 where that is needed. */
function headerBytes(type: string, shape: string): Buffer {
  const text = `{'descr': ${type}, 'fortran_order': False, 'shape': (${shape}), }`
  const wide = text.length > 60_000 || [...text].some((character) => character > '\xff')
  const content = Buffer.from(text, wide ? 'utf8' : 'latin1')
  const before = wide ? 12 : 10
  const size = Math.max(HEADER, 64 * Math.ceil((before + content.length + 1) / 64))
  const bytes = Buffer.alloc(size, ' ')
  bytes.write('\x93NUMPY', 'latin1')
  bytes.writeUInt16LE(wide ? 3 : 1, 6)
  if (wide) bytes.writeUInt32LE(size - before, 8)
  else bytes.writeUInt16LE(size - before, 8)
  content.copy(bytes, before)
  bytes[size - 1] = 10
  return bytes
}

/** Events that are written at once. */
const BLOCK = 1 << 14

function recordWriter(layout: Layout): ScoreWriter {
  const held = new Held(layout)
  return {
    scores(scores, kept) {
      held.add(scores, kept!)
      return ''
    },
    *end() {
      const fields = held.columns.map((column) => fieldOf(column.holds(false), column.widest))
      const names = [...held.columns.map(({ name }) => name), ...layout.outputs]
      const types = [...fields.map(({ type }) => type), ...layout.outputs.map(() => '<f4')]
      const descr = names.map((name, i) => `('${name.replace(/[\\']/g, '\\$&')}', '${types[i]}')`)
      yield headerBytes(`[${descr.join(', ')}]`, `${held.count},`)
      for (const { scores, cells } of held.blocks(BLOCK)) yield records(fields, cells, scores, layout.outputs.length)
    },
  }
}

interface Field {
  type: string
  bytes: number
  write(bytes: Buffer, cell: Cell, at: number): void
}

function fieldOf(holds: CellType | 'text', widest: number): Field {
  switch (holds) {
    case 'integer':
      return { type: '<i8', bytes: 8, write: (bytes, cell, at) => bytes.writeBigInt64LE(BigInt(cell!), at) }
    case 'float32':
      return { type: '<f4', bytes: 4, write: (bytes, cell, at) => bytes.writeFloatLE(cellNumber(cell), at) }
    case 'float64':
      return { type: '<f8', bytes: 8, write: (bytes, cell, at) => bytes.writeDoubleLE(cellNumber(cell), at) }
    case 'text':
      return { type: `<U${Math.max(1, widest)}`, bytes: 4 * Math.max(1, widest), write: writeText }
  }
}

/** Characters of four bytes. */
function writeText(bytes: Buffer, cell: Cell, at: number): void {
  let to = at
  for (const character of cell ?? '') to = bytes.writeUInt32LE(character.codePointAt(0)!, to)
}

function records(fields: readonly Field[], cells: readonly Cell[][], scores: Float32Array, outputs: number): Buffer {
  const stride = fields.reduce((sum, { bytes }) => sum + bytes, 4 * outputs)
  const bytes = Buffer.alloc((scores.length / outputs) * stride)
  let at = 0
  for (let n = 0; n < scores.length / outputs; n++) {
    for (const [i, field] of fields.entries()) {
      field.write(bytes, cells[i]![n], at)
      at += field.bytes
    }
    for (let i = 0; i < outputs; i++) at = bytes.writeFloatLE(scores[n * outputs + i]!, at)
  }
  return bytes
}
