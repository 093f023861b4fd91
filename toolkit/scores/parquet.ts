/** Scores as Parquet: a column of floats an output. */
import type { ScoreFormat, ScoreWriter } from './format.ts'

/** Events of a group of rows. */
const GROUP = 1 << 17

export const parquet: ScoreFormat = { endings: ['parquet'], writer }

async function writer(outputs: readonly string[]): Promise<ScoreWriter> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer')
  const bytes = new ByteWriter()
  const columns = outputs.map((name) => ({ name, type: 'FLOAT' as const, repetition_type: 'REQUIRED' as const }))
  const schema = [{ name: 'scores', num_children: columns.length }, ...columns]
  const file = new ParquetWriter({ writer: bytes, schema, createdBy: 'nndrone' })
  const group = outputs.map(() => new Float32Array(GROUP))
  let count = 0
  function flush(): void {
    const columnData = outputs.map((name, i) => ({ name, data: group[i]!.subarray(0, count) }))
    if (count > 0) file.write({ columnData, rowGroupSize: GROUP })
    count = 0
  }
  /** What has been written since the last time. */
  function taken(): Uint8Array {
    const copy = Uint8Array.from(bytes.getBytes())
    bytes.index = 0
    return copy
  }
  return {
    scores(scores) {
      for (let at = 0; at < scores.length; at += outputs.length) {
        for (let i = 0; i < outputs.length; i++) group[i]![count] = scores[at + i]!
        if (++count === GROUP) flush()
      }
      return taken()
    },
    end() {
      flush()
      file.finish()
      return taken()
    },
  }
}
