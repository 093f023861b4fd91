/** ONNX models, run by whichever runtime is installed: onnxruntime-node or onnxruntime-web. */
import { InputError } from '../../../errors.ts'
import { openElsewhere } from '../../elsewhere.ts'
import type { ModelFormat } from '../../model.ts'
import { isOnnx } from './bytes.ts'
import { chainOf } from './chain.ts'
import { prepared } from './graph.ts'
import { ownFacts } from './own.ts'

export const onnx: ModelFormat = {
  matches: ({ bytes }) => isOnnx(bytes),
  ending: /\.onnx$/i,
  async read(file, options) {
    const bytes = prepared(file)
    const opening = {
      seconds: SECONDS.least + SECONDS.perByte * bytes.length,
      bytes: MEMORY.least + MEMORY.perByte * bytes.length,
    }
    const model = await openElsewhere({ ...file, bytes }, options, { id: 'onnx', who: 'the ONNX runtime', opening })
    const chain = () => {
      const { length } = model.inputs
      if (ownFacts(file.bytes, length)) throw new InputError(`${file.path}: was exported from a drone; take that drone`)
      return chainOf(file, length)
    }
    return Object.assign(model, { chain })
  },
}

/** What a model may take, and more for each byte of it. */
const SECONDS = { least: 3, perByte: 1e-6 }
const MEMORY = { least: 768 * 2 ** 20, perByte: 8 }
