/** Runs a drone that was exported in a format that is read here as well. */
import { readModel } from '../open.ts'
import { NotHere, type Run } from './answers.ts'

/** @param ending which tells the format where the content does not */
export async function runFile(content: Uint8Array | string, ending: string): Promise<Run> {
  const path = `the exported ${ending}`
  const model = await readModel({ path, bytes: Buffer.from(content) }).catch((error) => {
    // It was thrown in another process, which tells no more than its text.
    if (/and none is installed/.test(error.message))
      throw new NotHere('there is no ONNX runtime: npm install onnxruntime-node')
    throw error
  })
  return async (events) => {
    try {
      return await model.predictBatch(events)
    } finally {
      await model.close?.()
    }
  }
}
