/** Layers of several inputs: number by number, or one after the other. */
import type { Description, Layer } from '../layer.ts'
import type { Shape, Values } from '../shape.ts'

/** How two numbers become one. */
type Merge = (a: number, b: number) => number

/** Number by number, input after input. */
class Merged implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[] = []
  readonly #merge: Merge
  readonly #scale: number

  /** @param scale that the result is multiplied by */
  constructor(shape: Shape, merge: Merge, scale = 1) {
    this.shape = shape
    this.#merge = merge
    this.#scale = scale
  }

  forward([first, ...others]: readonly Values[], y: Values): void {
    y.set(first!)
    for (const x of others) for (let i = 0; i < y.length; i++) y[i] = this.#merge(y[i]!, x[i]!)
    if (this.#scale !== 1) for (let i = 0; i < y.length; i++) y[i]! *= this.#scale
  }
}

const MERGES = {
  add: (a: number, b: number) => a + b,
  subtract: (a: number, b: number) => a - b,
  multiply: (a: number, b: number) => a * b,
  average: (a: number, b: number) => a + b,
  maximum: Math.max,
  minimum: Math.min,
} satisfies Record<string, Merge>

export function merged({ inputs, options }: Description, kind: keyof typeof MERGES): Layer {
  const [first, ...others] = inputs
  const other = others.find((shape) => shape.join() !== first!.join())
  if (other)
    throw options.error(`inputs of shapes [${first!.join(', ')}] and [${other.join(', ')}], expected alike ones`)
  if (kind === 'subtract' && inputs.length !== 2) throw options.error(`${inputs.length} inputs, expected 2`)
  return new Merged(first!, MERGES[kind], kind === 'average' ? 1 / inputs.length : 1)
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
