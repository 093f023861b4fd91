/** Layers that are an activation alone. */
import { type Activation, PARAMETRIC, SOFTMAX } from '../activation.ts'
import { type Description, type Layer, oneInput } from '../layer.ts'
import { short } from '../options.ts'
import type { Shape, Values } from '../shape.ts'

class Activated implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[] = []
  readonly #activation: Activation

  constructor(description: Description, activation: Activation) {
    this.shape = oneInput(description)
    this.#activation = activation
  }

  forward([x]: readonly Values[], y: Values): void {
    y.set(x!)
    this.#activation.apply(y, this.shape.at(-1)!)
  }
}

/** A layer that is an activation of this class alone. */
export function activated(className: string): (description: Description) => Layer {
  return (description) => new Activated(description, PARAMETRIC[className]!(description.options))
}

export function softmax(description: Description): Layer {
  description.options.only('axis', -1, oneInput(description).length)
  return new Activated(description, SOFTMAX)
}

/** PReLU: a slope of its own for each place; an axis that is shared has one. */
export class PReLU implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[]
  /** Which slope each number of the input has. */
  readonly #which: Uint32Array

  private constructor(shape: Shape, alpha: Values, which: Uint32Array) {
    this.shape = shape
    this.parameters = [alpha]
    this.#which = which
  }

  static make(description: Description): PReLU {
    const { options, weights } = description
    const shape = oneInput(description)
    const shared = options.take('shared_axes') ?? []
    if (!Array.isArray(shared) || !shared.every((axis) => shape[axis - 1])) {
      throw options.error(`shared_axes: ${short(shared)}, expected a list of axes from 1 to ${shape.length}`)
    }
    const own = shape.map((length, axis) => (shared.includes(axis + 1) ? 1 : length))
    return new PReLU(shape, weights.take('alpha', own), broadcast(shape, own))
  }

  forward([x]: readonly Values[], y: Values): void {
    const alpha = this.parameters[0]!
    for (let i = 0; i < y.length; i++) y[i] = x![i]! >= 0 ? x![i]! : alpha[this.#which[i]!]! * x![i]!
  }
}

/** For each place of an array, the place in a smaller one, whose axes of length 1 stand for all. */
function broadcast(shape: Shape, smaller: Shape): Uint32Array {
  let which = [0]
  for (const [axis, length] of shape.entries()) {
    which = which.flatMap((at) => Array.from({ length }, (_, i) => at * smaller[axis]! + (smaller[axis] === 1 ? 0 : i)))
  }
  return Uint32Array.from(which)
}
