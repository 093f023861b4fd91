/**
 * A parton shower in its simplest form: a quark or a gluon radiates at smaller and smaller angles (coherent branching:
 * Marchesini and Webber, Nucl. Phys. B 238 (1984) 1; Ellis, Stirling and Webber, QCD and Collider Physics, chapter 5).
 * The chance of a branching is dP = dθ²/θ² dz αs(kT)/2π P(z), kT = z (1 − z) θ pT, with the functions of Altarelli and
 * Parisi (Nucl. Phys. B 126 (1977) 298), z being the share of the softer-by-habit child:
 * q → q g: CF (1 + (1 − z)²) / z;   g → g g: CA (2 (1 − z) / z + z (1 − z));   g → q q̄: nf TR (z² + (1 − z)²).
 */
import type { Random } from 'nndrone'

export type Flavour = 'quark' | 'gluon'

export const [CF, CA, TR, FLAVOURS] = [4 / 3, 3, 1 / 2, 5]

/** In the plane of azimuth and pseudorapidity, where small angles add like vectors. */
export interface Parton {
  flavour: Flavour
  /** [GeV] */
  pt: number
  phi: number
  eta: number
}

export interface ShowerOptions {
  /** The largest angle of a branching. */
  angle: number
  /** The least kT of a branching [GeV]. */
  cutoff: number
  /** αs by kT [GeV]; runs by one loop unless given. It must not rise with kT. */
  coupling?: (kt: number) => number
}

/** αs of one loop and five flavours: 1 / (b₀ ln (kT² / Λ²)), b₀ = (33 − 2 nf) / 12π, Λ = 0.2 GeV. */
export function running(kt: number): number {
  return (12 * Math.PI) / ((33 - 2 * FLAVOURS) * Math.log((kt / 0.2) ** 2))
}

/** What a parton becomes, in no order. */
export function shower(random: Random, parton: Parton, options: ShowerOptions): Parton[] {
  const { angle } = options
  const branching = nextBranching(random, parton, options)
  if (!branching) return [parton]
  const { z, theta, flavours } = branching
  const azimuth = 2 * Math.PI * random.uniform()
  const [x, y] = [theta * Math.cos(azimuth), theta * Math.sin(azimuth)]
  const { pt, phi, eta } = parton
  const children: Parton[] = [
    { flavour: flavours[0], pt: z * pt, phi: phi + (1 - z) * x, eta: eta + (1 - z) * y },
    { flavour: flavours[1], pt: (1 - z) * pt, phi: phi - z * x, eta: eta - z * y },
  ]
  return children.flatMap((child) => shower(random, child, { ...options, angle: Math.min(angle, theta) }))
}

interface Branching {
  z: number
  theta: number
  /** Of the child with the share z, and of the other. */
  flavours: readonly [Flavour, Flavour]
}

/**
 * The next branching below an angle, by the veto algorithm: tried at a rate that is too high everywhere, and kept as
 * often as the true rate is of that. Undefined where none is left above the cutoff.
 */
function nextBranching(random: Random, { flavour, pt }: Parton, options: ShowerOptions): Branching | undefined {
  const { angle, cutoff, coupling = running } = options
  const least = cutoff / (angle * pt)
  if (least >= 1 / 4) return undefined
  const most = coupling(cutoff) / (2 * Math.PI)
  const soft = 2 * (flavour === 'quark' ? CF : CA) * Math.log(1 / least)
  const hard = flavour === 'quark' ? 0 : FLAVOURS * TR
  let theta = angle
  for (;;) {
    theta *= random.uniform() ** (1 / (2 * most * (soft + hard)))
    if (theta * pt <= 4 * cutoff) return undefined
    const isSoft = random.uniform() * (soft + hard) < soft
    const z = isSoft ? least ** random.uniform() : random.uniform()
    const kt = z * (1 - z) * theta * pt
    if (kt <= cutoff) continue
    const kept = (isSoft ? softRatio(flavour, z) : z * z + (1 - z) ** 2) * (coupling(kt) / coupling(cutoff))
    if (random.uniform() >= kept) continue
    const emitted = isSoft ? 'gluon' : 'quark'
    return { z, theta, flavours: [emitted, isSoft ? flavour : 'quark'] }
  }
}

/** What emits a gluon, over its limit of soft gluons, 2 C / z. */
function softRatio(flavour: Flavour, z: number): number {
  return flavour === 'quark' ? (1 + (1 - z) ** 2) / 2 : 1 - z + (z * z * (1 - z)) / 2
}
