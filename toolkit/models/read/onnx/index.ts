/** ONNX models, run by whichever runtime is installed: onnxruntime-node or onnxruntime-web. */
import { openElsewhere } from '../../elsewhere.ts'
import type { ModelFormat } from '../../model.ts'
import { isOnnx } from './bytes.ts'
import { chainOf } from './chain.ts'
import { prepared } from './graph.ts'

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
    model.chain = () => chainOf({ ...file, bytes }, model.inputs.length)
    return model
  },
}

/** What a model may take, and more for each byte of it. */
const SECONDS = { least: 3, perByte: 1e-6 }
const MEMORY = { least: 768 * 2 ** 20, perByte: 8 }
