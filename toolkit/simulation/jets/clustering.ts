/**
 * Jets by kT: of all pairs the two of the least d_ij = min(pT_i, pT_j)² ΔR² / R² become one, and what is nearer to the
 * beam, d_iB = pT², is a jet (Catani, Dokshitzer, Seymour and Webber, Nucl. Phys. B 406 (1993) 187; Ellis and Soper,
 * Phys. Rev. D 48 (1993) 3160).
 */
import { type FourMomentum, pseudorapidity, sum, transverse } from '../kinematics.ts'
import type { Hadron } from './hadrons.ts'

export interface Jet {
  momentum: FourMomentum
  constituents: Hadron[]
}

/** Hadrons have no mass here. */
export function momentumOf({ pt, phi, eta }: Hadron): FourMomentum {
  return { e: pt * Math.cosh(eta), x: pt * Math.cos(phi), y: pt * Math.sin(phi), z: pt * Math.sinh(eta) }
}

export function azimuth({ x, y }: FourMomentum): number {
  return Math.atan2(y, x)
}

/** The difference of two azimuths, from −π to π. */
export function turned(phi: number, from: number): number {
  const turn = (phi - from) % (2 * Math.PI)
  return turn > Math.PI ? turn - 2 * Math.PI : turn < -Math.PI ? turn + 2 * Math.PI : turn
}

interface Cluster extends Jet {
  pt2: number
  phi: number
  eta: number
}

/** All jets, the largest pT first. */
export function clustered(particles: readonly Hadron[], radius: number): Jet[] {
  const clusters = particles.map((hadron) => clusterOf(momentumOf(hadron), [hadron]))
  const jets: Jet[] = []
  while (clusters.length > 0) {
    const [i, j] = nearest(clusters, radius)
    const [a] = clusters.splice(i, 1)
    if (j < 0) jets.push(a!)
    else {
      const [b] = clusters.splice(j, 1)
      clusters.push(clusterOf(sum([a!.momentum, b!.momentum]), [...a!.constituents, ...b!.constituents]))
    }
  }
  return jets.sort((a, b) => transverse(b.momentum) - transverse(a.momentum))
}

function clusterOf(momentum: FourMomentum, constituents: Hadron[]): Cluster {
  const pt2 = transverse(momentum) ** 2
  return { momentum, constituents, pt2, phi: azimuth(momentum), eta: pseudorapidity(momentum) }
}

/** The pair of the least distance, the later first; or one with −1 where that is nearest to the beam. */
function nearest(clusters: readonly Cluster[], radius: number): [i: number, j: number] {
  let [best, least]: [[number, number], number] = [[0, -1], Infinity]
  for (const [i, a] of clusters.entries()) {
    if (a.pt2 < least) [best, least] = [[i, -1], a.pt2]
    for (let j = 0; j < i; j++) {
      const b = clusters[j]!
      const distance = (a.eta - b.eta) ** 2 + turned(a.phi, b.phi) ** 2
      const d = (Math.min(a.pt2, b.pt2) * distance) / radius ** 2
      if (d < least) [best, least] = [[i, j], d]
    }
  }
  return best
}
