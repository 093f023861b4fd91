/** With which momenta particles come out of the collisions. */
import type { Random } from 'nndrone'
import { type FourMomentum, onShell } from '../kinematics.ts'

/**
 * Transverse momentum and pseudorapidity: dN/dpT ∝ pT / (1 + (pT / p0)²)ⁿ from 0 to 100 GeV and
 * dN/dη ∝ exp(−(η − mean)² / 2 deviation²) from 1 to 6. RapidSim (arXiv:1612.07489), which made the paper's events, draws
 * the two in these ranges independently of each other too, and as the authors ran it cuts on nothing afterwards.
 */
export interface Spectrum {
  /** [GeV] */
  p0: number
  n: number
  mean: number
  deviation: number
}

const MOST_PT = 100
const [LEAST_ETA, MOST_ETA] = [1, 6]

/** The momentum of a particle of this mass [GeV], in any direction about the beam alike. */
export function produced(random: Random, mass: number, spectrum: Spectrum): FourMomentum {
  const pt = drawPt(random, spectrum)
  const eta = drawEta(random, spectrum)
  const phi = 2 * Math.PI * random.uniform()
  return onShell(mass, pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta))
}

/** By the inverse of the fraction above pT, (1 + (pT / p0)²)¹⁻ⁿ. */
function drawPt(random: Random, { p0, n }: Spectrum): number {
  const beyond = (1 + (MOST_PT / p0) ** 2) ** (1 - n)
  const above = 1 - random.uniform() * (1 - beyond)
  return p0 * Math.sqrt(above ** (1 / (1 - n)) - 1)
}

function drawEta(random: Random, { mean, deviation }: Spectrum): number {
  for (;;) {
    const eta = LEAST_ETA + (MOST_ETA - LEAST_ETA) * random.uniform()
    if (random.uniform() < Math.exp(-0.5 * ((eta - mean) / deviation) ** 2)) return eta
  }
}
