/** Jets of four flavours: a drone of 66 inputs with defaults and four outputs. */
import { formatJSON, writeNetwork } from 'nndrone'
import { FEATURES } from '../../simulation/flavours/features.ts'
import { FLAVOURS, flavours } from '../../simulation/flavours/index.ts'
import { otherSeed } from '../../simulation/sample.ts'
import { denseTeacher } from '../../teachers/dense.ts'
import { CATEGORICAL } from '../../teachers/losses.ts'
import { networkOf } from './network.ts'
import { EVENTS, type Story } from './story.ts'

export const FLAVOUR_STORY: Story = {
  question: 'how well does a small drone tell jets of four flavours apart, most inputs of which are often missing?',
  features: FEATURES,
  label: 'flavour',
  samples: (seed) => ({ train: flavours(EVENTS, seed), test: flavours(EVENTS, otherSeed(seed)) }),
  untrained: (seed) => denseTeacher([FEATURES.length, 40, 40, FLAVOURS.length], ['tanh', 'tanh', 'softmax'], seed),
  training: { epochs: 12, batch: 32, learningRate: 1e-3, loss: CATEGORICAL },
  targets: ({ labels }) => [...labels].flatMap((label) => FLAVOURS.map((_, i) => Number(i === label))),
  file: 'teacher.json',
  written: async (teacher, features, scales) => {
    return `${formatJSON(writeNetwork(networkOf(teacher, features, scales, FLAVOURS)))}\n`
  },
  learn: { label: 'flavour' },
  compare: { discriminator: 'b / (b + c)', efficiency: 0.9 },
  commands: [
    'npx nndrone distill teacher.json --events train.csv --label flavour --out mine.json',
    "npx nndrone compare mine.json teacher.json --events test.csv --label flavour --discriminator 'b / (b + c)' --efficiency 0.9",
  ],
}
