/** Layers of several inputs: Add and Concatenate. */
import type { Description, Layer } from '../layer.ts'
import type { Shape, Values } from '../shape.ts'

class Add implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[] = []

  constructor(shape: Shape) {
    this.shape = shape
  }

  forward(inputs: readonly Values[], y: Values): void {
    y.fill(0)
    for (const x of inputs) for (let i = 0; i < y.length; i++) y[i]! += x[i]!
  }
}

export function add({ inputs, options }: Description): Layer {
  const [first, ...others] = inputs
  const other = others.find((shape) => shape.join() !== first!.join())
  if (other)
    throw options.error(`inputs of shapes [${first!.join(', ')}] and [${other.join(', ')}], expected alike ones`)
  return new Add(first!)
}

/** Along the last axis. */
class Concatenate implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[] = []
  readonly #widths: readonly number[]

  constructor(inputs: readonly Shape[]) {
    this.#widths = inputs.map((shape) => shape.at(-1)!)
    this.shape = [...inputs[0]!.slice(0, -1), this.#widths.reduce((sum, width) => sum + width, 0)]
  }

  forward(inputs: readonly Values[], y: Values): void {
    const channels = this.shape.at(-1)!
    let at = 0
    for (const [k, x] of inputs.entries()) {
      const width = this.#widths[k]!
      for (let row = 0; row < y.length / channels; row++) {
        y.set(x.subarray(row * width, (row + 1) * width), row * channels + at)
      }
      at += width
    }
  }
}

export function concatenate({ inputs, options }: Description): Layer {
  const rows = inputs.map((shape) => shape.slice(0, -1).join())
  options.only('axis', -1, inputs[0]!.length)
  if (rows.every((row) => row === rows[0])) return new Concatenate(inputs)
  throw options.error(`inputs of shapes ${inputs.map((shape) => `[${shape.join(', ')}]`).join(', ')} do not fit`)
}
