/** Decays of our own: their kinematics against what is known on paper, their features against the paper's own events. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FEATURES as COLUMNS, readDecays } from '../../../bench/bdecay.ts'
import { auc, distill, Random } from '../../../bindings/index.ts'
import { BACKGROUND, type Channel, decay, SIGNAL } from '../../../toolkit/simulation/decays/channels.ts'
import { measured } from '../../../toolkit/simulation/decays/detector.ts'
import { decays, FEATURES } from '../../../toolkit/simulation/decays/index.ts'
import { phaseSpace } from '../../../toolkit/simulation/decays/phase-space.ts'
import { produced } from '../../../toolkit/simulation/decays/spectrum.ts'
import {
  boosted,
  type FourMomentum,
  onShell,
  pseudorapidity,
  sum,
  transverse,
} from '../../../toolkit/simulation/kinematics.ts'
import { seeded, withData } from '../../support.ts'

type Density = (x: number) => number

/** Momentum of two bodies by Källén's function as it is written in books. */
function kallen(mass: number, a: number, b: number): number {
  const [x, y, z] = [mass ** 2, a ** 2, b ** 2]
  return Math.sqrt(Math.max(0, x ** 2 + y ** 2 + z ** 2 - 2 * (x * y + y * z + z * x))) / (2 * mass)
}

function invariantMass(...momenta: FourMomentum[]): number {
  const { e, x, y, z } = sum(momenta)
  return Math.sqrt(e * e - x * x - y * y - z * z)
}

/** The distribution function of a density on [from, to], by the midpoint rule. */
function distribution(density: Density, from: number, to: number, steps = 400): Density {
  const step = (to - from) / steps
  const sums = [0]
  for (let i = 0; i < steps; i++) sums.push(sums[i]! + density(from + (i + 0.5) * step))
  return (x) => {
    const at = Math.min(Math.max((x - from) / step, 0), steps)
    const i = Math.min(Math.floor(at), steps - 1)
    return (sums[i]! + (at - i) * (sums[i + 1]! - sums[i]!)) / sums[steps]!
  }
}

const uniform = (from: number, to: number): Density => distribution(() => 1, from, to)

/** Kolmogorov and Smirnov's distance of numbers from a distribution function. */
function distance(values: readonly number[], cdf: Density): number {
  const sorted = values.toSorted((a, b) => a - b)
  const steps = sorted.map((value, i) => [cdf(value) - i / sorted.length, (i + 1) / sorted.length - cdf(value)])
  return Math.max(...steps.map((step) => Math.max(...step)))
}

/** Fails where a sample of a distribution would be as far from it once in a thousand times. */
function assertDrawnFrom(values: readonly number[], cdf: Density, what: string): void {
  const far = distance(values, cdf)
  assert.ok(far < 1.95 / Math.sqrt(values.length), `${what}: ${far} of ${values.length}`)
}

/** Kolmogorov and Smirnov's distance of two lists of numbers. */
function distanceOf(a: readonly number[], b: readonly number[]): number {
  const sorted = b.toSorted((x, y) => x - y)
  let i = 0
  let far = 0
  for (const [n, value] of a.toSorted((x, y) => x - y).entries()) {
    far = Math.max(far, Math.abs(n / a.length - i / b.length))
    while (i < b.length && sorted[i]! <= value) i++
    far = Math.max(far, Math.abs((n + 1) / a.length - i / b.length))
  }
  return far
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  const product = (f: (i: number) => number) => a.reduce((total, _, i) => total + f(i), 0)
  const covariance = product((i) => (a[i]! - ma) * (b[i]! - mb))
  return covariance / Math.sqrt(product((i) => (a[i]! - ma) ** 2) * product((i) => (b[i]! - mb) ** 2))
}

function ranks(values: readonly number[]): number[] {
  const result = new Array<number>(values.length)
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!)
  for (const [rank, i] of order.entries()) result[i] = rank
  return result
}

function assertOnShell(p: FourMomentum, mass: number): void {
  const { e } = onShell(mass, p.x, p.y, p.z)
  assert.ok(Math.abs(p.e - e) <= 1e-12 * e, `${p.e} GeV, expected ${e} of a mass of ${mass}`)
}

function assertSame(a: FourMomentum, b: FourMomentum, scale = b.e): void {
  for (const axis of ['e', 'x', 'y', 'z'] as const) {
    assert.ok(Math.abs(a[axis] - b[axis]) <= 1e-12 * scale, `${axis}: ${a[axis]}, expected ${b[axis]}`)
  }
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make)
}

const test = suite('decays')

test('a boost along the beam is the one of books, keeps products, and is undone by its opposite', () => {
  const [beta, mass] = [0.6, 2]
  const gamma = 1 / Math.sqrt(1 - beta * beta)
  const along = onShell(mass, 0, 0, gamma * beta * mass)
  const p = onShell(0.3, 0.4, -0.5, 0.7)
  const expected = { e: gamma * (p.e + beta * p.z), x: p.x, y: p.y, z: gamma * (p.z + beta * p.e) }
  assertSame(boosted(p, along, mass), expected)

  const random = seeded(1)
  const any = () => 20 * random.uniform() - 10
  for (let i = 0; i < 100; i++) {
    const body = onShell(5, any(), any(), any())
    assertSame(boosted(onShell(5, 0, 0, 0), body, 5), body)
    const q = onShell(1, any(), any(), any())
    const there = boosted(q, body, 5)
    assertOnShell(there, 1)
    assertSame(boosted(there, { e: body.e, x: -body.x, y: -body.y, z: -body.z }, 5), q, there.e * body.e)
    const polar = Math.atan2(transverse(q), q.z)
    assert.ok(Math.abs(pseudorapidity(q) + Math.log(Math.tan(polar / 2))) < 1e-12)
  }
})

test('phase space conserves energy and momentum, for two bodies to six', () => {
  const random = seeded(2)
  for (let bodies = 2; bodies <= 6; bodies++) {
    const masses = times(bodies, random.uniform.bind(random))
    const mass = masses.reduce((total, m) => total + m) * (1 + random.uniform())
    for (const momenta of times(50, () => phaseSpace(random, mass, masses))) {
      assertSame(sum(momenta), { e: mass, x: 0, y: 0, z: 0 }, mass)
      for (const [i, m] of masses.entries()) assertOnShell(momenta[i]!, m)
    }
  }
})

test('two bodies have the momenta of Källén, and none at the threshold', () => {
  const random = seeded(3)
  for (const [mass, a, b] of [
    [5.36693, 3.0969, 1.019461],
    [3.0969, 0.1056583755, 0.1056583755],
    [1, 0, 0],
    [1, 0.75, 0.25],
  ] as const) {
    for (const p of phaseSpace(random, mass, [a, b])) {
      assert.ok(Math.abs(Math.hypot(p.x, p.y, p.z) - kallen(mass, a, b)) < 1e-12, `${mass} → ${a} ${b}`)
    }
  }
})

test('every body flies in all directions alike', () => {
  const random = seeded(4)
  const all = times(10000, () => phaseSpace(random, 2, [0.1, 0.3, 0, 0.5]))
  for (let i = 0; i < 4; i++) {
    const bodies = all.map((momenta) => momenta[i]!)
    assertDrawnFrom(
      bodies.map((p) => p.z / Math.hypot(p.x, p.y, p.z)),
      uniform(-1, 1),
      `cosine of body ${i}`,
    )
    assertDrawnFrom(
      bodies.map((p) => Math.atan2(p.y, p.x)),
      uniform(-Math.PI, Math.PI),
      `azimuth of body ${i}`,
    )
  }
})

/** Least and most m²(jk) of three bodies i, j, k for a given m²(ij) (PDG, Kinematics, Dalitz plot). */
function dalitzRange(s: number, mass: number, [i, j, k]: readonly number[]): [least: number, most: number] {
  const ej = (s - i! ** 2 + j! ** 2) / (2 * Math.sqrt(s))
  const ek = (mass ** 2 - s - k! ** 2) / (2 * Math.sqrt(s))
  const pj = Math.sqrt(Math.max(0, ej ** 2 - j! ** 2))
  const pk = Math.sqrt(Math.max(0, ek ** 2 - k! ** 2))
  return [(ej + ek) ** 2 - (pj + pk) ** 2, (ej + ek) ** 2 - (pj - pk) ** 2]
}

test('three bodies fill the Dalitz plot evenly, whichever two are taken first', () => {
  const random = seeded(5)
  const mass = 1.86484
  const masses = [0.493677, 0.13957, 0.4]
  const all = times(20000, () => phaseSpace(random, mass, masses))
  for (const order of [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ]) {
    const [i, j, k] = order as [number, number, number]
    const three = order.map((n) => masses[n]!)
    const range = (s: number) => dalitzRange(s, mass, three)
    const width = (s: number) => range(s)[1] - range(s)[0]
    const s = all.map((p) => invariantMass(p[i]!, p[j]!) ** 2)
    assertDrawnFrom(s, distribution(width, (three[0]! + three[1]!) ** 2, (mass - three[2]!) ** 2), `m²(${i}${j})`)
    const heights = all.map((p, n) => (invariantMass(p[j]!, p[k]!) ** 2 - range(s[n]!)[0]) / width(s[n]!))
    const middle = s.toSorted((a, b) => a - b)[s.length >> 1]!
    for (const half of [heights.filter((_, n) => s[n]! < middle), heights.filter((_, n) => s[n]! >= middle)]) {
      assertDrawnFrom(half, uniform(0, 1), `m²(${j}${k})`)
    }
  }
})

test('four bodies have the pair masses of two pairs that decay on their own', () => {
  const random = seeded(6)
  for (const [mass, masses] of [
    [1.86484, [0.13957, 0.13957, 0.13957, 0.13957]],
    [3, [0.1, 0.9, 0.3, 0.5]],
  ] as const) {
    const all = times(10000, () => phaseSpace(random, mass, masses))
    for (const [i, j, k, l] of [
      [0, 1, 2, 3],
      [0, 2, 1, 3],
      [0, 3, 1, 2],
      [2, 3, 0, 1],
      [1, 3, 0, 2],
      [1, 2, 0, 3],
    ] as const) {
      const [a, b, c, d] = [masses[i]!, masses[j]!, masses[k]!, masses[l]!]
      // dΦ₄ = dΦ₂(M; ij, kl) dΦ₂(ij) dΦ₂(kl) dm²(ij) dm²(kl), and dΦ₂ ∝ p / M.
      const density = (pair: number) => {
        const step = (mass - pair - c - d) / 200
        let total = 0
        for (let n = 0; n < 200; n++) {
          const other = c + d + (n + 0.5) * step
          total += kallen(mass, pair, other) * kallen(other, c, d) * step
        }
        return kallen(pair, a, b) * total
      }
      const pairs = all.map((p) => invariantMass(p[i]!, p[j]!))
      assertDrawnFrom(pairs, distribution(density, a + b, mass - c - d), `m(${i}${j}) of ${mass}`)
    }
  }
})

test('four bodies without mass have energies as 6 x (1 − x), x = 2E / M, each of them', () => {
  const random = seeded(7)
  const all = times(20000, () => phaseSpace(random, 5, [0, 0, 0, 0]))
  for (let i = 0; i < 4; i++) {
    const fractions = all.map((p) => (2 * p[i]!.e) / 5)
    assertDrawnFrom(fractions, (x) => 3 * x ** 2 - 2 * x ** 3, `energy of body ${i}`)
  }
})

test('as much is kept as the volume of phase space says', () => {
  class Counting extends Random {
    drawn = 0
    override uniform(): number {
      this.drawn++
      return super.uniform()
    }
  }
  const random = new Counting(12)
  times(5000, () => phaseSpace(random, 5, [0, 0, 0, 0]))
  // R₄ = (π/2)³ M⁴ / (3! 2!) = 4π³/M · M²/2! · ⟨p₂p₃p₄⟩, so ⟨p₂p₃p₄⟩ = M³ / 192, and none is above (M/2)³: one of 24.
  const tried = (random.drawn / 5000 - 6) / 3
  assert.ok(Math.abs(tried - 24) < (4 * 24) / Math.sqrt(5000), `${tried} tried for one kept`)
})

test('a decay for which there is not enough mass is refused', () => {
  for (const masses of [[0.5, 0.6], [0.4, 0.4, 0.4], [1], [Number.NaN, 0.1]]) {
    assert.throws(
      () => phaseSpace(seeded(1), 1, masses),
      (error: Error) => error instanceof RangeError && error.message.includes(masses.join(', ')),
    )
  }
})

test('mothers come with the spectra that are stated', () => {
  const random = seeded(8)
  for (const { mother, spectrum } of [SIGNAL, BACKGROUND]) {
    const { p0, n, mean, deviation } = spectrum
    const all = times(20000, () => produced(random, mother.mass, spectrum))
    for (const p of all) assertOnShell(p, mother.mass)
    const [pts, etas] = [all.map(transverse), all.map(pseudorapidity)]
    assert.ok(pts.every((pt) => pt <= 100) && etas.every((eta) => eta > 0.999999 && eta < 6.000001))
    assertDrawnFrom(
      pts,
      distribution((pt) => pt / (1 + (pt / p0) ** 2) ** n, 0, 100, 10000),
      'pT',
    )
    assertDrawnFrom(
      etas,
      distribution((eta) => Math.exp(-((eta - mean) ** 2) / (2 * deviation ** 2)), 1, 6),
      'η',
    )
    assertDrawnFrom(
      all.map((p) => Math.atan2(p.y, p.x)),
      uniform(-Math.PI, Math.PI),
      'φ',
    )
  }
})

test('decays conserve energy and momentum, and all masses are right', () => {
  const random = seeded(9)
  for (const { mother, daughters } of times(1000, () => decay(random, SIGNAL))) {
    assertSame(sum(daughters), mother)
    assertOnShell(mother, 5.36693)
    const [mup, mum, kp, km] = daughters as [FourMomentum, FourMomentum, FourMomentum, FourMomentum]
    for (const muon of [mup, mum]) assertOnShell(muon, 0.1056583755)
    for (const kaon of [kp, km]) assertOnShell(kaon, 0.493677)
    assertOnShell(sum([mup, mum]), 3.0969)
    assertOnShell(sum([kp, km]), 1.019461)
    assert.is(daughters.length, 4)
  }
  for (const { mother, daughters } of times(1000, () => decay(random, BACKGROUND))) {
    assertSame(sum(daughters), mother)
    assertOnShell(mother, 1.86484)
    for (const pion of daughters) assertOnShell(pion, 0.13957039)
    assert.is(daughters.length, 4)
  }
})

test('what decays in flight does so in all directions alike', () => {
  const random = seeded(10)
  const cosines = times(10000, () => {
    const { mother, daughters } = decay(random, SIGNAL)
    const jpsi = sum(daughters.slice(0, 2))
    const toRest = (p: FourMomentum) => boosted(p, { e: jpsi.e, x: -jpsi.x, y: -jpsi.y, z: -jpsi.z }, 3.0969)
    const [muon, flight] = [toRest(daughters[0]!), toRest(mother)]
    const along = muon.x * flight.x + muon.y * flight.y + muon.z * flight.z
    return along / Math.hypot(muon.x, muon.y, muon.z) / Math.hypot(flight.x, flight.y, flight.z)
  })
  assertDrawnFrom(cosines, uniform(-1, 1), 'cosine of the muon against the B_s')
})

test('a track is measured with the stated resolution, in its direction and with its mass', () => {
  const random = seeded(11)
  for (const [momentum, resolution] of [
    [0.1, 0.0050025],
    [100, 0.0075],
    [200, 0.01],
    [5000, 0.01],
  ] as const) {
    const p = onShell(0.4937, 0.48 * momentum, -0.6 * momentum, 0.64 * momentum)
    const ratios = times(20000, () => {
      const q = measured(random, p)
      assertOnShell(q, 0.4937)
      const ratio = q.x / p.x
      assertSame(q, { e: q.e, x: ratio * p.x, y: ratio * p.y, z: ratio * p.z })
      return ratio
    })
    const mean = ratios.reduce((total, ratio) => total + ratio, 0) / ratios.length
    const variance = ratios.reduce((total, ratio) => total + (ratio - 1) ** 2, 0) / ratios.length
    assert.ok(Math.abs(mean - 1) < 4 * (resolution / Math.sqrt(20000)), `${momentum} GeV: mean ${mean}`)
    assert.ok(Math.abs(Math.sqrt(variance) / resolution - 1) < 0.02, `${momentum} GeV: ${Math.sqrt(variance)}`)
    const beyond = ratios.filter((ratio) => Math.abs(ratio - 1) > 2 * resolution).length / ratios.length
    assert.ok(Math.abs(beyond - 0.0455) < 0.006, `${momentum} GeV: ${beyond} beyond two deviations`)
  }
})

test('a seed gives its events, another seed others', () => {
  const first = decays(500, 1)
  assert.equal(decays(500, 1), first)
  assert.not.equal(decays(500, 2).events, first.events)
  assert.not.equal(decays(500, 2).labels, first.labels)
  assert.equal(first.features, COLUMNS)
})

test('half of the events are signal, in a mixed order, and every feature is a number', () => {
  for (const count of [2, 3, 17, 20000]) {
    const { events, labels, features } = decays(count, 5)
    assert.is(events.length, count * features.length)
    assert.is(labels.length, count)
    assert.is(labels.filter((label) => label === 1).length, Math.floor(count / 2))
    assert.ok(labels.every((label) => label === 0 || label === 1))
    assert.ok(events.every(Number.isFinite))
    for (let n = 0; n < count; n++) {
      const [pt, , leastPt, mostPt, leastEta, mostEta] = events.subarray(n * 6, n * 6 + 6)
      assert.ok(pt! > 0 && leastPt! > 0 && leastPt! < mostPt! && leastEta! < mostEta!)
    }
    if (count < 1000) continue
    // Neighbours that differ: half of all, give or take four deviations.
    const changes = labels.filter((label, n) => n > 0 && label !== labels[n - 1]).length
    assert.ok(Math.abs(changes - count / 2) < 2 * Math.sqrt(count), `${changes} changes`)
    assert.ok(Math.abs(labels.subarray(0, count / 2).filter(Boolean).length - count / 4) < 2 * Math.sqrt(count))
  }
})

test('features are those of the measured daughters: all four of the B_s, three of the D⁰', () => {
  const { events, labels } = decays(200, 3)
  const random = seeded(3)
  let differ = 0
  for (const [n, label] of labels.entries()) {
    random.below(200 - n)
    const seen = daughters(random, label === 1 ? SIGNAL : BACKGROUND)
    const row = [...events.subarray(n * 6, n * 6 + 6)]
    assert.equal(row.slice(0, 2), [transverse(sum(seen)), pseudorapidity(sum(seen))])
    assert.equal(row.slice(2), extremes(label === 1 ? seen : seen.slice(0, 3)))
    if (label === 0 && String(extremes(seen)) !== String(row.slice(2))) differ++
  }
  assert.ok(differ > 50, `${differ} of 100 D⁰ show that one pion is left out`)
})

function daughters(random: Random, channel: Channel): FourMomentum[] {
  return decay(random, channel).daughters.map((daughter) => measured(random, daughter))
}

function extremes(momenta: readonly FourMomentum[]): number[] {
  return [transverse, pseudorapidity].flatMap((feature) => {
    const sorted = momenta.map(feature).sort((a, b) => a - b)
    return [sorted[0]!, sorted.at(-1)!]
  })
}

test('a count or a seed that makes no sense is refused', () => {
  for (const count of [0, 1, -2, 2.5, 10_000_001, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => decays(count, 1), `decays: ${count}, expected a whole number from 2 to 10000000`)
  }
  for (const seed of [-1, 0.5, 2 ** 53, Number.NaN]) {
    assert.throws(() => decays(10, seed), `seed: ${seed}, expected a whole number from 0`)
  }
})

test('a network that learns from them tells others apart', async () => {
  const learnt = decays(5000, 1)
  const others = decays(5000, 2)
  const targets = Float32Array.from(learnt.labels)
  // Labels are noisier than answers: the steps of second order would learn their noise too.
  const growth = { kappa: 0.05 }
  const { drone } = await distill({ events: learnt.events, targets, inputs: FEATURES, epochs: 100, growth })
  const area = auc(drone.predictBatch(others.events), others.labels)
  assert.ok(area >= 0.997, `AUC ${area}`)
})

/** Each feature of the events of one class. */
function columns(events: Float64Array, labels: ArrayLike<number>, label: number): number[][] {
  const rows = Array.from(labels, (_, n) => n).filter((n) => labels[n] === label)
  return FEATURES.map((_, i) => rows.map((n) => events[n * FEATURES.length + i]!))
}

withData(
  test,
  'features are distributed and correlated as in the paper’s own events',
  'bdecay/events.csv',
  (path: string) => {
    const paper = readDecays(path)
    for (const seed of [1, 2, 3]) {
      const { events, labels } = decays(20000, seed)
      for (const label of [0, 1]) {
        const ours = columns(events, labels, label)
        const theirs = columns(paper.events, paper.labels, label)
        const where = (...names: number[]) => `seed ${seed}, label ${label}, ${names.map((i) => FEATURES[i])}`
        for (const i of FEATURES.keys()) {
          const far = distanceOf(ours[i]!, theirs[i]!)
          assert.ok(far < 0.04, `${where(i)}: ${far}`)
        }
        const [ourRanks, theirRanks] = [ours.map(ranks), theirs.map(ranks)]
        for (let i = 0; i < FEATURES.length; i++) {
          for (let j = 0; j < i; j++) {
            const pearson = correlation(ours[i]!, ours[j]!) - correlation(theirs[i]!, theirs[j]!)
            const spearman = correlation(ourRanks[i]!, ourRanks[j]!) - correlation(theirRanks[i]!, theirRanks[j]!)
            assert.ok(Math.abs(pearson) < 0.1, `${where(i, j)}: ${pearson}`)
            assert.ok(Math.abs(spearman) < 0.05, `${where(i, j)}: ${spearman} by ranks`)
          }
        }
      }
    }
  },
)

withData(test, 'what learnt from the paper’s teacher tells ours apart as well', 'bdecay/events.csv', async (path) => {
  const { events, labels, targets } = readDecays(path)
  const { drone } = await distill({ events, targets, inputs: FEATURES, epochs: 30 })
  const ours = decays(20000, 1)
  const [there, here] = [auc(drone.predictBatch(events), labels), auc(drone.predictBatch(ours.events), ours.labels)]
  assert.ok(there > 0.998, `AUC ${there} of the paper’s own events`)
  assert.ok(Math.abs(here - there) < 0.002, `AUC ${here}, and ${there} of the paper’s own events`)
})

test.run()
