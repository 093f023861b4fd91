/** A jet of a flavour: its tracks, and the secondary vertices that are found of them. */
import type { Random } from 'nndrone'
import { normal } from '../../normal.ts'

export interface Track {
  /** [GeV] */
  pt: number
  /** Momentum across the axis of the jet [GeV], and the angle to it in φ and η. */
  ptRel: number
  deltaR: number
  /** The nearest the track comes to the collision, in the plane across the beam and in space, with signs, over its error. */
  sip2d: number
  sip3d: number
  /** [cm] */
  ip2d: number
  ip3d: number
  /** To the axis, at its nearest, and along it from the collision to there [cm]. */
  axisDistance: number
  decayLength: number
  /** The number of the hadron that it came from, or −1. */
  hadron: number
}

export interface Vertex {
  /** [GeV] */
  mass: number
  tracks: number
  /** Of the energy of all tracks. */
  energyRatio: number
  deltaR: number
  /** [cm], and over their errors. */
  flight2d: number
  sig2d: number
  flight3d: number
  sig3d: number
  hadron: number
}

export interface Jet {
  /** [GeV] */
  pt: number
  eta: number
  /** The largest sip2d first. */
  tracks: Track[]
  /** The best measured first. */
  vertices: Vertex[]
}

interface Hadron {
  /** Lifetime times the speed of light [cm] and mass [GeV], means over the species; S. Navas et al. (PDG), 2024. */
  ctau: number
  mass: number
  /** Mean fraction of the jet's momentum, and mean number of charged daughters. */
  fraction: number
  daughters: number
}

const BEAUTY: Hadron = { ctau: 0.0455, mass: 5.3, fraction: 0.7, daughters: 4.5 }
const CHARM: Hadron = { ctau: 0.021, mass: 1.9, fraction: 0.55, daughters: 2.2 }

const HADRONS: Readonly<Record<string, readonly Hadron[]>> = {
  b: [BEAUTY],
  bb: [
    { ...BEAUTY, fraction: 0.4 },
    { ...BEAUTY, fraction: 0.4 },
  ],
  c: [CHARM],
}

/** Of the impact parameter [cm]: σ = a ⊕ b / pT, pT in GeV; every so many a track is measured three times worse. */
const RESOLUTION = { a: 0.003, b: 0.012, bad: 0.06 }

/** How often a track of a light jet comes from a strange hadron, which flies far. */
const STRANGE = 0.03

/** How often a gluon of a light jet splits into charm, or beauty, and what fraction of the momentum the hadron has. */
const SPLITTING = { charm: 0.06, beauty: 0.02, fraction: 0.3 }

export function jet(random: Random, flavour: string): Jet {
  const pt = 30 / Math.sqrt(1 - 0.97 * random.uniform())
  const eta = 2.4 * (2 * random.uniform() - 1)
  const tracks: Track[] = []
  const vertices: Vertex[] = []
  let left = 1
  for (const [i, hadron] of hadronsOf(random, flavour).entries()) {
    const fraction = Math.min(0.95 * left, Math.max(0.1, hadron.fraction + 0.15 * normal(random)))
    left -= fraction
    const flown = decayed(random, hadron, fraction * pt, i)
    tracks.push(...flown.tracks)
    if (flown.vertex) vertices.push(flown.vertex)
  }
  // A gluon gives more tracks than a quark, and half of the light jets are of gluons.
  const gluon = flavour === 'udsg' && random.uniform() < 0.5
  const mean = (gluon ? 8 : 5) + 2 * Math.log(pt / 30)
  const count = poisson(random, mean * Math.sqrt(left))
  for (let k = 0; k < count; k++) tracks.push(prompt(random, (left * pt) / Math.max(4, count)))
  return {
    ...{ pt, eta },
    tracks: tracks.sort((a, b) => b.sip2d - a.sip2d),
    vertices: vertices.sort((a, b) => b.sig3d - a.sig3d),
  }
}

function hadronsOf(random: Random, flavour: string): readonly Hadron[] {
  if (flavour !== 'udsg') return HADRONS[flavour]!
  const chance = random.uniform()
  const { charm, beauty, fraction } = SPLITTING
  if (chance < beauty) return [{ ...BEAUTY, fraction }]
  return chance < beauty + charm ? [{ ...CHARM, fraction }] : []
}

/** The tracks of a hadron that has flown, and its vertex where two of them are far enough from the collision. */
function decayed(random: Random, { ctau, mass, daughters }: Hadron, momentum: number, hadron: number) {
  const flight = -ctau * (momentum / mass) * Math.log(1 - random.uniform())
  const sine = Math.sqrt(1 - (2 * random.uniform() - 1) ** 2)
  const count = Math.max(1, poisson(random, daughters))
  const tilt = 0.03 * Math.abs(normal(random))
  const tracks = Array.from({ length: count }, () => {
    const share = (momentum * 0.75 * (0.4 + 1.2 * random.uniform())) / Math.max(count, 2)
    const ptRel = (mass / 3) * Math.sqrt(-Math.log(1 - random.uniform())) * 0.8
    return track(random, { pt: share, ptRel, tilt, distance: flight, sine, hadron })
  })
  const far = tracks.filter(({ sip3d }) => sip3d > 2)
  if (far.length < 2 || random.uniform() > 0.95) return { tracks, vertex: undefined }
  const error = 0.008 * (1 + 2 / far.length) * Math.exp(0.2 * normal(random))
  const energy = far.reduce((sum, { pt }) => sum + pt, 0)
  const across = far.reduce((sum, { ptRel }) => sum + Math.hypot(ptRel, 0.14), 0)
  const flight3d = flight + error * normal(random)
  const vertex: Vertex = {
    mass: Math.min(0.9 * across, mass) * Math.exp(0.08 * normal(random)),
    tracks: far.length,
    energyRatio: Math.min(1, (energy / momentum) * (0.9 + 0.1 * random.uniform())),
    deltaR: tilt * (1 + 0.3 * normal(random)),
    flight2d: flight3d * sine,
    sig2d: (flight3d * sine) / error,
    flight3d,
    sig3d: flight3d / error,
    hadron,
  }
  return { tracks, vertex: flight3d > 0 ? vertex : undefined }
}

/** From the collision, or from a strange hadron. */
function prompt(random: Random, meanPt: number): Track {
  const pt = 0.7 - meanPt * Math.log(1 - random.uniform())
  const ptRel = 0.35 * Math.sqrt(-2 * Math.log(1 - random.uniform()))
  const distance = random.uniform() < STRANGE ? -3 * Math.log(1 - random.uniform()) : 0
  return track(random, { pt, ptRel, tilt: 0, distance, sine: 0.8, hadron: -1 })
}

interface Flown {
  pt: number
  ptRel: number
  tilt: number
  /** How far from the collision the track begins [cm], and how much of that is across the beam. */
  distance: number
  sine: number
  hadron: number
}

function track(random: Random, { pt, ptRel, tilt, distance, sine, hadron }: Flown): Track {
  const deltaR = Math.min(0.4, ptRel / pt + tilt)
  const bad = random.uniform() < RESOLUTION.bad ? 3 : 1
  const error = Math.hypot(RESOLUTION.a, RESOLUTION.b / pt)
  // An impact parameter is about cτ, whatever the momentum: the flight is longer as the angle is smaller.
  const true3d = distance * Math.sin(Math.min(1.5, ptRel / pt)) * (0.5 + random.uniform())
  const ip3d = true3d + bad * error * normal(random)
  const ip2d = true3d * sine + bad * 0.85 * error * normal(random)
  return {
    ...{ pt, ptRel, deltaR, ip2d, ip3d, hadron },
    sip2d: ip2d / (0.85 * error),
    sip3d: ip3d / error,
    axisDistance: -Math.abs(error * normal(random) + 0.1 * true3d),
    decayLength: Math.max(0, distance + 0.02 * normal(random) + 0.05 * Math.abs(normal(random))),
  }
}

/** Knuth's product of uniform numbers. */
function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean)
  let product = random.uniform()
  let count = 0
  for (; product > limit; count++) product *= random.uniform()
  return count
}
