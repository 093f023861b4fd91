/** The two decays: signal B_s → J/ψ(μμ) φ(KK), background D⁰ → ππππ. */
import type { Random } from 'nndrone'
import { boosted, type FourMomentum, onShell } from '../kinematics.ts'
import { phaseSpace } from './phase-space.ts'
import { produced, type Spectrum } from './spectrum.ts'

export interface Particle {
  /** [GeV]; S. Navas et al. (Particle Data Group), Phys. Rev. D 110, 030001 (2024). */
  mass: number
  /** What it decays into; a particle without is seen. */
  into?: readonly Particle[]
}

export interface Channel {
  mother: Particle
  /** Fitted to the paper's own events, whose spectra are what FONLL predicts of beauty and of charm at 8 TeV. */
  spectrum: Spectrum
  /** How many of the four daughters, from the first, the minima and maxima run over. */
  compared: number
}

/** A mother and all that is seen of it, as they are before any detector. */
export interface Decay {
  mother: FourMomentum
  daughters: FourMomentum[]
}

const muon: Particle = { mass: 0.1056583755 }
const pion: Particle = { mass: 0.13957039 }
const kaon: Particle = { mass: 0.493677 }

// Widths (0.09 and 4.2 MeV) are left out: they do not show in the features.
const jpsi: Particle = { mass: 3.0969, into: [muon, muon] }
const phi: Particle = { mass: 1.019461, into: [kaon, kaon] }

export const SIGNAL: Channel = {
  mother: { mass: 5.36693, into: [jpsi, phi] },
  spectrum: { p0: 5.75, n: 2.75, mean: 1.9, deviation: 2.1 },
  compared: 4,
}

export const BACKGROUND: Channel = {
  mother: { mass: 1.86484, into: [pion, pion, pion, pion] },
  spectrum: { p0: 2.5, n: 2.9, mean: 1.95, deviation: 2.6 },
  // The authors' script (Tevien/NNDrone, scripts/gen_train.py) names one pion twice and one never.
  compared: 3,
}

/** A scalar of a hidden sector that decays by two light ones into four muons: nothing like it is among the others. */
export const STRANGER: Channel = {
  mother: { mass: 12, into: [dark(1.2), dark(1.2)] },
  spectrum: { p0: 9, n: 2.75, mean: 1.9, deviation: 2.1 },
  compared: 4,
}

function dark(mass: number): Particle {
  return { mass, into: [muon, muon] }
}

export function decay(random: Random, { mother, spectrum }: Channel): Decay {
  const momentum = produced(random, mother.mass, spectrum)
  const daughters = seen(random, mother).map((daughter) => boosted(daughter, momentum, mother.mass))
  return { mother: momentum, daughters }
}

/** What is seen in the end of a particle, in its rest frame. */
function seen(random: Random, { mass, into }: Particle): FourMomentum[] {
  if (!into) return [onShell(mass, 0, 0, 0)]
  const masses = into.map((daughter) => daughter.mass)
  const momenta = phaseSpace(random, mass, masses)
  return into.flatMap((daughter, i) =>
    seen(random, daughter).map((momentum) => boosted(momentum, momenta[i]!, daughter.mass)),
  )
}
