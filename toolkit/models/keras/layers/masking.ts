/** Masking: rows whose values all are the one that is masked become zeros. What layers behind it do with the mask is not read. */
import { type Description, type Layer, oneInput } from '../layer.ts'
import type { Shape, Values } from '../shape.ts'

class Masking implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[] = []
  readonly #masked: number

  constructor(shape: Shape, masked: number) {
    this.shape = shape
    this.#masked = masked
  }

  forward([x]: readonly Values[], y: Values): void {
    const channels = this.shape.at(-1)!
    for (let at = 0; at < y.length; at += channels) {
      const row = x!.subarray(at, at + channels)
      if (row.every((value) => value === this.#masked)) y.fill(0, at, at + channels)
      else y.set(row, at)
    }
  }
}

export function masking(description: Description): Layer {
  return new Masking(oneInput(description), description.options.number('mask_value', 0))
}
