/** Has a model open in an isolated process, and asks it. */
import type { Numbers } from 'nndrone'
import type { Description, Model, ModelFile, ReadOptions } from '../models/model.ts'
import { type ModelTimes, timeModel } from '../models/timing.ts'

const READERS = {
  onnx: async () => (await import('../models/read/onnx/model.ts')).openOnnx,
  module: async () => (await import('../models/read/module/model.ts')).openModule,
}

export type ModelId = keyof typeof READERS

/** What is told of a model. */
export interface ModelOutline
  extends Pick<Model, 'inputs' | 'outputs' | 'optional' | 'unnamed' | 'unscaled' | 'float32'> {
  description: Description
}

let opened: Model | undefined

export const models = {
  async openModel(id: ModelId, file: ModelFile, options: ReadOptions): Promise<ModelOutline> {
    const read = await READERS[id]()
    opened = await read({ ...file, bytes: Buffer.from(file.bytes) }, options)
    const { inputs, outputs, optional, unnamed, unscaled, float32 } = opened
    return { inputs, outputs, optional, unnamed, unscaled, float32, description: opened.describe() }
  },
  /** Of the processor. It has answered before. */
  async secondsOfOne(): Promise<number> {
    const began = process.cpuUsage()
    await opened!.predictBatch(new Float64Array(opened!.inputs.length))
    const { user, system } = process.cpuUsage(began)
    return (user + system) / 1e6
  },
  async answer(events: Numbers): Promise<Float32Array> {
    return opened!.predictBatch(events)
  },
  timeModel: (events: Float64Array, duration: number): Promise<ModelTimes> => timeModel(opened!, events, duration),
  async closeModel(): Promise<void> {
    await opened?.close?.()
    opened = undefined
  },
}
