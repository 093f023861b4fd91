/** What a layer of a Keras model is, and what it is made from. */
import type { Options } from './options.ts'
import type { Shape, Values } from './shape.ts'
import type { Weights } from './weights.ts'

export interface Layer {
  /** Of the output. */
  readonly shape: Shape
  /** Kernel, bias and so on, in the order of the file. */
  readonly parameters: readonly Values[]
  /** Computes the output `y` from one array for each input. */
  forward(inputs: readonly Values[], y: Values): void
}

/** A layer of one input that can learn. */
export interface TrainableLayer extends Layer {
  /**
   * Adds the loss's gradient to `gradients`, which are shaped as the parameters, and writes that of the input to `dx`.
   * @param x the input of the last `forward`, and `y` its output
   * @param dy gradient of the output; spoilt
   */
  backward(x: Values, y: Values, dy: Values, dx: Values, gradients: readonly Values[]): void
}

/** What the file says of a layer. */
export interface Description {
  /** Shapes of what comes in. */
  inputs: readonly Shape[]
  options: Options
  weights: Weights
  /** What Keras computed with, where the file tells. */
  backend?: string
}

/** Makes a layer. @throws InputError on an option or a shape that is not known */
export type Make = (description: Description) => Layer

/** The one input of a layer that takes no more, of so many axes where that matters. */
export function oneInput({ inputs, options }: Description, axes?: number): Shape {
  const [shape] = inputs
  if (!shape || inputs.length > 1) throw options.error(`${inputs.length} inputs, expected 1`)
  if (axes !== undefined && shape.length !== axes) {
    throw options.error(`input of shape [${shape.join(', ')}], expected ${axes} ${axes === 1 ? 'axis' : 'axes'}`)
  }
  return shape
}
