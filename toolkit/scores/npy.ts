/** Scores as NumPy's NPY: float32 [events], or [events × outputs] where there are several. */
import type { ScoreFormat } from './format.ts'

/** Bytes of the header with all that stands before it; room for any number of events. */
const HEADER = 128

export const npy: ScoreFormat = {
  endings: ['npy'],
  writer(outputs) {
    let count = 0
    const header = () => {
      const shape = outputs.length === 1 ? `${count / outputs.length},` : `${count / outputs.length}, ${outputs.length}`
      const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`
      return Buffer.from(`\x93NUMPY\x01\0${String.fromCharCode(HEADER - 10)}\0${text.padEnd(HEADER - 11)}\n`, 'latin1')
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
  },
}
