/** Decays that know of nothing but the conservation of energy and momentum. */
import type { Random } from 'nndrone'
import { boosted, type FourMomentum, onShell, twoBodyMomentum } from '../kinematics.ts'

/**
 * Decays a body at rest into bodies of these masses [GeV], uniformly in Lorentz-invariant phase space: the method of
 * Raubold and Lynch, as in GENBOD (CERN program library W515; F. James, Monte Carlo phase space, CERN 68-15, 1968).
 * The first body and the second make a cluster, that and the third the next, and so on to the whole; each cluster
 * decays into the one before and a body, back to back and in any direction alike.
 * @throws RangeError where the masses are fewer than two, or more than there is
 */
export function phaseSpace(random: Random, mass: number, masses: readonly number[]): FourMomentum[] {
  const clusters = clusterMasses(random, mass, masses)
  const bodies: FourMomentum[] = []
  let cluster = onShell(mass, 0, 0, 0)
  for (let i = masses.length - 1; i > 0; i--) {
    const [x, y, z] = anyDirection(random, twoBodyMomentum(clusters[i]!, clusters[i - 1]!, masses[i]!))
    bodies.unshift(boosted(onShell(masses[i]!, -x, -y, -z), cluster, clusters[i]!))
    cluster = boosted(onShell(clusters[i - 1]!, x, y, z), cluster, clusters[i]!)
  }
  return [cluster, ...bodies]
}

/**
 * Masses of the clusters of the first 1, 2, … bodies: what they have beyond their bodies' masses is drawn uniformly
 * in order, and kept with a probability in proportion to the product of the momenta with which they decay.
 */
function clusterMasses(random: Random, mass: number, masses: readonly number[]): number[] {
  const sums = runningSums(masses)
  const released = mass - sums.at(-1)!
  if (masses.length < 2 || !(released >= 0)) {
    throw new RangeError(`a body of ${mass} GeV does not decay into bodies of ${masses.join(', ')} GeV`)
  }
  // No cluster decays with more than the highest mass it can have and the lowest of the one before allow.
  const largest = product(masses, (i) => twoBodyMomentum(released + sums[i]!, sums[i - 1]!, masses[i]!))
  const clusters = sums.with(-1, mass)
  for (;;) {
    let beyond = released
    for (let i = masses.length - 2; i > 0; i--) {
      // The largest of i numbers, uniform below the one before: so they come in order without being sorted.
      beyond *= random.uniform() ** (1 / i)
      clusters[i] = sums[i]! + beyond
    }
    const weight = product(masses, (i) => twoBodyMomentum(clusters[i]!, clusters[i - 1]!, masses[i]!))
    if (random.uniform() * largest <= weight) return clusters
  }
}

function runningSums(values: readonly number[]): number[] {
  let total = 0
  return values.map((value) => {
    total += value
    return total
  })
}

/** Of a factor for each body but the first. */
function product(masses: readonly number[], factor: (i: number) => number): number {
  let result = 1
  for (let i = 1; i < masses.length; i++) result *= factor(i)
  return result
}

/** A vector of this length. */
function anyDirection(random: Random, length: number): [x: number, y: number, z: number] {
  const cosine = 2 * random.uniform() - 1
  const across = length * Math.sqrt(1 - cosine * cosine)
  const angle = 2 * Math.PI * random.uniform()
  return [across * Math.cos(angle), across * Math.sin(angle), length * cosine]
}
