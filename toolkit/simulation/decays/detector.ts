/** What a detector makes of a track. */
import type { Random } from 'nndrone'
import { normal } from '../../normal.ts'
import type { FourMomentum } from '../kinematics.ts'

/**
 * A momentum as LHCb measures it: σ(p)/p = 0.5 % + 0.5 % · min(p / 200 GeV, 1), Gaussian, so that it rises from 0.5 %
 * to 1 % as in LHCb detector performance, arXiv:1412.6352. The direction is measured far better, and left as it is.
 */
export function measured(random: Random, { e, x, y, z }: FourMomentum): FourMomentum {
  const squared = x * x + y * y + z * z
  const resolution = 0.005 + 0.005 * Math.min(Math.sqrt(squared) / 200, 1)
  const scale = 1 + resolution * normal(random)
  return { e: Math.sqrt(e * e + (scale * scale - 1) * squared), x: scale * x, y: scale * y, z: scale * z }
}
