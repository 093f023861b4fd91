/** The definition of the loss whose gradient a step of training begins with; in f64, of z and y in f32. */
import type { Loss } from '../engines/api.ts'
import { exp } from './functions.ts'
import { log } from './math.ts'
import type { JsLayer } from './network.ts'

const f32 = Math.fround

/**
 * ½ Σ(G − F)², or the cross-entropy as log Σ eᶻ − Σ F z, where a sigmoid is the first of two classes, whose other has
 * z = 0. Every power is taken below its largest.
 */
export function lossOf({ activation, z, y }: JsLayer, target: Float32Array, kind: Loss): number {
  let loss = 0
  if (kind === 'squared' || !(activation === 'sigmoid' || activation === 'softmax')) {
    for (let i = 0; i < y.length; i++) {
      const error = f32(y[i]! - target[i]!)
      loss += error * error
    }
    return 0.5 * loss
  }
  if (activation === 'sigmoid') {
    for (let i = 0; i < y.length; i++) {
      loss += Math.max(z[i]!, 0) - target[i]! * z[i]! + log(1 + exp(-Math.abs(z[i]!)))
    }
    return loss
  }
  let largest = z[0]!
  for (let i = 1; i < z.length; i++) largest = z[i]! > largest ? z[i]! : largest
  let sum = 0
  for (let i = 0; i < z.length; i++) {
    sum += exp(f32(z[i]! - largest))
    loss += target[i]! * z[i]!
  }
  return largest + log(sum) - loss
}
