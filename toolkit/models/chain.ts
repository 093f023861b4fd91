/** A model that is a chain of dense layers, activations and scales, and the network of a drone that it makes. */
import { type Activation, type Input, type Layer, type Network, readNetwork, writeNetwork } from 'nndrone'
import { InputError } from '../errors.ts'

/** A step of the chain; numbers are in float64. */
export type Piece =
  /** y = W x + b; weights are [units × inputs]. */
  | { kind: 'dense'; weights: ArrayLike<number>; bias: ArrayLike<number> }
  /** y = x · scale + shift, number by number. */
  | { kind: 'scale'; scale: readonly number[]; shift: readonly number[] }
  | { kind: 'activation'; activation: Activation; alpha?: number }

/** What a model computes, from its inputs on. */
export interface Chain {
  pieces: readonly Piece[]
  /** What is done with the inputs first; nothing unless given. */
  inputs?: readonly Omit<Input, 'name'>[]
}

interface Draft {
  weights: Float64Array
  bias: Float64Array
  activation?: Activation
  alpha?: number
}

type Scaling = Pick<Piece & { kind: 'scale' }, 'scale' | 'shift'>

/**
 * The network that computes what the chain does: scales become part of the inputs or of a layer beside them, in float64.
 * @throws InputError where there is no layer, DroneError where a drone cannot have what there is
 */
export function networkOfChain(
  path: string,
  { pieces, inputs }: Chain,
  names: readonly string[],
  outputs: readonly string[],
): Network {
  const drafts = new Drafts(names.length)
  for (const piece of pieces) {
    if (piece.kind === 'dense') drafts.dense(piece)
    else if (piece.kind === 'scale') drafts.scale(piece)
    else drafts.activate(piece)
  }
  const { layers, before } = drafts.finished()
  if (layers.length === 0) throw new InputError(`${path}: no dense layer in it, which a drone needs`)
  const network = {
    inputs: names.map((name, i) => ({ name, ...preparedBy(inputs?.[i] ?? { offset: 0, scale: 1 }, before, i) })),
    layers: layers.map(layerOf),
    outputs,
  }
  // Read as any document: all that a drone needs is checked.
  return readNetwork(writeNetwork(network))
}

/** ((x + offset) · scale) · s + t as one offset and one scale. */
function preparedBy(input: Omit<Input, 'name'>, before: Scaling | undefined, i: number): Omit<Input, 'name'> {
  if (!before) return input
  const scale = input.scale * before.scale[i]!
  return { ...input, offset: input.offset + before.shift[i]! / scale, scale }
}

function layerOf({ weights, bias, activation = 'linear', alpha = 0 }: Draft): Layer {
  return { activation, alpha: Math.fround(alpha), weights: new Float32Array(weights), bias: new Float32Array(bias) }
}

class Drafts {
  readonly #layers: Draft[] = []
  /** What the inputs are scaled by, where that can be told before the first layer. */
  #before: Scaling | undefined
  /** A scale that no layer has taken in yet. */
  #pending: Scaling | undefined
  /** Numbers that the last step puts out. */
  #width: number

  constructor(width: number) {
    this.#width = width
  }

  dense({ weights, bias }: { weights: ArrayLike<number>; bias: ArrayLike<number> }): void {
    const draft = { weights: Float64Array.from(weights), bias: Float64Array.from(bias) }
    if (this.#layers.length === 0 && this.#pending?.scale.every((s) => s !== 0)) {
      this.#before = this.#pending
    } else if (this.#pending) {
      const { scale, shift } = this.#pending
      const width = this.#width
      for (let i = 0; i < draft.bias.length; i++) {
        for (let j = 0; j < width; j++) {
          draft.bias[i]! += draft.weights[i * width + j]! * shift[j]!
          draft.weights[i * width + j]! *= scale[j]!
        }
      }
    }
    this.#pending = undefined
    this.#layers.push(draft)
    this.#width = draft.bias.length
  }

  scale({ scale, shift }: Scaling): void {
    const last = this.#layers.at(-1)
    if (!last || last.activation !== undefined || this.#pending) {
      const { scale: s, shift: t } = this.#pending ?? { scale: scale.map(() => 1), shift: scale.map(() => 0) }
      this.#pending = { scale: scale.map((x, i) => x * s[i]!), shift: shift.map((x, i) => t[i]! * scale[i]! + x) }
      return
    }
    const inputs = last.weights.length / last.bias.length
    for (let i = 0; i < last.bias.length; i++) {
      last.bias[i] = last.bias[i]! * scale[i]! + shift[i]!
      for (let j = 0; j < inputs; j++) last.weights[i * inputs + j]! *= scale[i]!
    }
  }

  activate({ activation, alpha }: Piece & { kind: 'activation' }): void {
    if (activation === 'linear') return
    const free = this.#layers.at(-1)?.activation === undefined && this.#layers.length > 0 && !this.#pending
    if (!free) this.#unchanged()
    Object.assign(this.#layers.at(-1)!, { activation, alpha })
  }

  /** A layer that passes on what comes, which takes in the scale that is left. */
  #unchanged(): void {
    const width = this.#width
    const weights = new Float64Array(width * width).map((_, at) => Number(at % (width + 1) === 0))
    this.dense({ weights, bias: new Float64Array(width) })
  }

  finished(): { layers: Draft[]; before: Scaling | undefined } {
    if (this.#pending && this.#layers.length > 0) this.#unchanged()
    return { layers: this.#layers, before: this.#before }
  }
}
