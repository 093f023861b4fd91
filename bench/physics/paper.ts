/** Tables 1 and 2 of the paper, both examples: decays and jets. */
import { auc, Random } from '../../bindings/index.ts'
import { FEATURES, featuresOf } from '../../toolkit/simulation/jets/features.ts'
import { jet, SHOWER } from '../../toolkit/simulation/jets/index.ts'
import { shower } from '../../toolkit/simulation/jets/shower.ts'
import { markdown } from '../results.ts'
import { fixed, short, spread, told } from './told.ts'

interface Side {
  parameters: number
  one: number
  auc: number
}

interface Figures {
  teacher: Side
  paper: Side & { growths: number[]; mse: number }
  best: Side & { mse: number }
}

export function paper(seeds: readonly number[]): string {
  const examples = [
    ['decays', told<Figures>([], seeds)],
    ['jets', told<Figures>(['--jets'], seeds)],
  ] as const
  const nanoseconds = (value: number) => `${Math.round(value).toLocaleString('en')}`
  const sizes = examples.map(([name, all]) => [
    name,
    all[0]!.teacher.parameters.toLocaleString('en'),
    spread(
      all.map(({ paper }) => paper.parameters),
      String,
    ),
    spread(
      all.map(({ paper }) => paper.growths.length),
      String,
    ),
    spread(
      all.map(({ best }) => best.parameters),
      String,
    ),
  ])
  const times = examples.map(([name, all]) => [
    name,
    ...(['teacher', 'paper', 'best'] as const).map((who) =>
      spread(
        all.map((one) => one[who].one),
        nanoseconds,
      ),
    ),
    spread(
      all.map(({ teacher, paper }) => teacher.one / paper.one),
      fixed(0),
    ),
  ])
  const fidelities = examples.map(([name, all]) => [
    name,
    ...(['teacher', 'paper', 'best'] as const).map((who) =>
      spread(
        all.map((one) => one[who].auc),
        fixed(4),
      ),
    ),
    ...(['paper', 'best'] as const).map((who) =>
      spread(
        all.map((one) => one[who].mse),
        short,
      ),
    ),
  ])
  return `### The paper's two examples

Table 1, parameters: medians over ${seeds.length} seeds, the least and the greatest.

${markdown(['', 'teacher', 'drone (paper)', 'growths', 'drone (best)'], sizes)}

Table 2, nanoseconds an event, one at a time.

${markdown(['', 'teacher', 'drone (paper)', 'drone (best)', 'times faster (paper)'], times)}

${markdown(['AUC and MSE', 'teacher', 'drone (paper)', 'drone (best)', 'MSE (paper)', 'MSE (best)'], fidelities)}

Jets of quarks and gluons: how many partons each becomes by the transverse momentum [GeV], where theory has 9/4 for
infinite energy, and what single features tell at 200 GeV, among 4,000 jets.

${markdown(
  ['pT', 'quark', 'gluon', 'ratio'],
  MOMENTA.map((pt) => multiplicities(pt, seeds)),
)}

${markdown(['feature', 'AUC'], areas(seeds))}`
}

const MOMENTA = [25, 100, 400, 1600, 6400]

function multiplicities(pt: number, seeds: readonly number[]): string[] {
  const means = seeds.map((seed) => {
    const random = new Random(seed)
    return (['quark', 'gluon'] as const).map((flavour) => {
      const count = pt > 1000 ? 1000 : 4000
      let sum = 0
      for (let n = 0; n < count; n++) {
        sum += shower(random, { flavour, pt, phi: 0, eta: 0 }, SHOWER).length
      }
      return sum / count
    })
  })
  const column = (i: number) =>
    spread(
      means.map((both) => both[i]!),
      fixed(2),
    )
  return [
    pt.toLocaleString('en'),
    column(0),
    column(1),
    spread(
      means.map(([q, g]) => g! / q!),
      fixed(3),
    ),
  ]
}

function areas(seeds: readonly number[]): string[][] {
  const found = seeds.map((seed) => {
    const random = new Random(seed)
    const labels = Array.from({ length: 4000 }, (_, n) => n % 2)
    const all = labels.map((label) => jet(random, label === 1 ? 'quark' : 'gluon', 200))
    const mass = all.map(({ momentum: { e, x, y, z } }) => Math.sqrt(Math.max(0, e * e - x * x - y * y - z * z)))
    const tracks = all.map(({ constituents }) => constituents.filter(({ charged }) => charged).length)
    const area = (values: readonly number[]) =>
      auc(
        values.map((value) => -value),
        labels,
      )
    const width = all.map((one) => featuresOf(one)[FEATURES.indexOf('weighted_r')]!)
    return { 'charged constituents': area(tracks), width: area(width), mass: area(mass) }
  })
  return (['charged constituents', 'width', 'mass'] as const).map((name) => [
    name,
    spread(
      found.map((one) => one[name]),
      fixed(3),
    ),
  ])
}
