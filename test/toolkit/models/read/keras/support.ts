/** Keras models in memory and in files, for the tests of the Keras teacher. */
import * as assert from 'uvu/assert'
import { InputError } from '../../../../../toolkit/errors.ts'
import { writtenHDF5 } from '../../../../../toolkit/models/keras/h5wasm.ts'
import type { KerasNetwork } from '../../../../../toolkit/models/keras/network.ts'
import { networkOf } from '../../../../../toolkit/models/read/keras/build.ts'
import { graphOf } from '../../../../../toolkit/models/read/keras/config.ts'

export interface Weight {
  shape: number[]
  values: number[]
}

/** As golden.py writes it. */
export interface SmallModel {
  /** Version. */
  keras: string
  /** Of the model. */
  config: unknown
  /** Of each layer by name. */
  weights: Record<string, Weight[]>
}

export const fail = (message: string) => new InputError(message)

export function networkFrom({ keras, config, weights }: SmallModel): KerasNetwork {
  return networkOf({
    keras: Number.parseInt(keras, 10),
    graph: graphOf(config, fail),
    stored: ({ name }) => {
      const given = Object.hasOwn(weights, name) ? weights[name]! : []
      return given.map(({ shape, values }, i) => ({ name: `${i}`, shape, read: () => Float64Array.from(values) }))
    },
    fail,
  })
}

/** A chain of layers: class, options. The first is told the shape of an event. */
export function sequential(shape: readonly number[], ...layers: [string, Record<string, unknown>][]): unknown {
  const entries = layers.map(([className, options], i) => {
    const first = i === 0 ? { batch_input_shape: [null, ...shape] } : {}
    return { class_name: className, config: { name: `layer${i}`, ...first, ...options } }
  })
  return { class_name: 'Sequential', config: { layers: entries } }
}

/** So many zeros. */
export function zeros(...shape: number[]): Weight {
  return { shape, values: Array(shape.reduce((a, b) => a * b, 1)).fill(0) }
}

/** A file as Keras 2 writes it, without the parts that are not given. */
export async function written(
  { keras, backend, config, weights }: Partial<SmallModel & { backend: string }>,
  weightName = (i: number) => `w${i}:0`,
): Promise<Buffer> {
  const bytes = await writtenHDF5((file) => {
    if (backend !== undefined) file.create_attribute('backend', backend)
    if (keras !== undefined) file.create_attribute('keras_version', keras)
    if (config !== undefined) {
      file.create_attribute('model_config', typeof config === 'string' ? config : JSON.stringify(config))
    }
    if (!weights) return
    const root = file.create_group('model_weights')
    root.create_attribute('layer_names', Object.keys(weights))
    for (const [name, given] of Object.entries(weights)) {
      const group = root.create_group(name)
      const paths = given.map((_, i) => weightName(i))
      group.create_attribute('weight_names', paths)
      for (const [i, { shape, values }] of given.entries()) {
        group.create_dataset({ name: paths[i]!, data: Float64Array.from(values), shape })
      }
    }
  })
  return Buffer.from(bytes)
}

/** @param within of the answer, or of 1 where it is smaller */
export function same(answers: ArrayLike<number>, expected: ArrayLike<number>, within: number): void {
  assert.is(answers.length, expected.length)
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(answers[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!))
    assert.ok(error <= within, `answer ${i}: ${answers[i]}, expected ${expected[i]}`)
  }
}

/** The message that something is refused with, which is an InputError. */
export async function refusal(refused: () => unknown): Promise<string> {
  try {
    await refused()
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  throw new Error('not refused')
}
