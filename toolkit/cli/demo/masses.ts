/** A resonance whose mass is an input: a teacher that never saw the middle one, and what it and its drone do there. */
import { encodeKeras } from '../../models/write/keras/chain.ts'
import { FEATURES, MASSES, resonances } from '../../simulation/resonances.ts'
import { otherSeed } from '../../simulation/sample.ts'
import { denseTeacher } from '../../teachers/dense.ts'
import { ENTROPY } from '../../teachers/losses.ts'
import { EVENTS, type Story } from './story.ts'

/** [GeV] It is left out of the training. */
export const UNSEEN = 1000

export const MASS_STORY: Story = {
  question: `how well does a classifier that is told the mass work at ${UNSEEN} GeV, which no training has seen?`,
  features: FEATURES,
  label: 'label',
  samples: (seed) => ({
    train: resonances(
      EVENTS,
      seed,
      MASSES.filter((mass) => mass !== UNSEEN),
    ),
    test: resonances(EVENTS, otherSeed(seed)),
  }),
  untrained: (seed) => denseTeacher([FEATURES.length, 32, 16, 1], ['tanh', 'tanh', 'sigmoid'], seed),
  training: { epochs: 20, batch: 32, learningRate: 2e-3, loss: ENTROPY },
  targets: ({ labels }) => labels,
  file: 'teacher.h5',
  written: (teacher) => encodeKeras(teacher),
  // Between the masses that it has seen, the teacher is asked: else nothing tells the drone what to do there.
  learn: { label: 'label', scaleFrom: 'all', questions: 20_000 },
  compare: { by: { column: 'mass' } },
  commands: [
    'npx nndrone distill teacher.h5 --events train.csv --scale-from all --label label --questions 20000 --out mine.json',
    'npx nndrone compare mine.json teacher.h5 --events test.csv --label label --by mass',
  ],
}
