/** Four-momenta in GeV (c = 1), z along the beam, and what becomes of them in another frame. */

export interface FourMomentum {
  readonly e: number
  readonly x: number
  readonly y: number
  readonly z: number
}

export function sum(momenta: readonly FourMomentum[]): FourMomentum {
  const total = { e: 0, x: 0, y: 0, z: 0 }
  for (const p of momenta) {
    total.e += p.e
    total.x += p.x
    total.y += p.y
    total.z += p.z
  }
  return total
}

/** That of a body of this mass [GeV] with this momentum [GeV]. */
export function onShell(mass: number, x: number, y: number, z: number): FourMomentum {
  return { e: Math.sqrt(mass * mass + x * x + y * y + z * z), x, y, z }
}

/** Momentum across the beam, pT [GeV]. */
export function transverse({ x, y }: FourMomentum): number {
  return Math.sqrt(x * x + y * y)
}

/** η = asinh(pz / pT) = −ln tan(θ/2), θ being the angle to the beam. */
export function pseudorapidity(p: FourMomentum): number {
  return Math.asinh(p.z / transverse(p))
}

/**
 * What is p in the rest frame of a body, in the frame where that body has this momentum and this mass [GeV]:
 * e′ = (E e + P·p) / M and p′ = p + P (e + e′) / (E + M). No 1 − β² in it, which would cost digits of a fast body.
 */
export function boosted(p: FourMomentum, body: FourMomentum, mass: number): FourMomentum {
  const e = (body.e * p.e + body.x * p.x + body.y * p.y + body.z * p.z) / mass
  const along = (p.e + e) / (body.e + mass)
  return { e, x: p.x + along * body.x, y: p.y + along * body.y, z: p.z + along * body.z }
}

/**
 * Momentum [GeV] of each of the two bodies of masses a and b into which one of this mass decays, in its rest frame:
 * √λ(M², a², b²) / 2M with Källén's λ, written as a product that keeps its digits near the threshold; below it, 0.
 */
export function twoBodyMomentum(mass: number, a: number, b: number): number {
  const released = Math.max(0, mass - a - b)
  return Math.sqrt(released * (mass + a + b) * (mass - a + b) * (mass + a - b)) / (2 * mass)
}
