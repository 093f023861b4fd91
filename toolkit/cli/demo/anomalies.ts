/** An autoencoder as teacher: a drone learns how badly it gives back what it is given, and finds a kind that is unknown. */

import { readReconstruction, reconstructing } from '../../models/reconstruction.ts'
import { encodeKeras } from '../../models/write/keras/chain.ts'
import { anomalies } from '../../simulation/anomalies.ts'
import { FEATURES } from '../../simulation/decays/index.ts'
import { otherSeed } from '../../simulation/sample.ts'
import { denseTeacher } from '../../teachers/dense.ts'
import { SQUARES } from '../../teachers/losses.ts'
import { EVENTS, type Story } from './story.ts'

const ANSWER = 'log(reconstruction)'

export const ANOMALY_STORY: Story = {
  question:
    'how many decays of a third kind, which no training has seen, does a trigger keep that lets 1 % of the others pass?',
  features: FEATURES,
  label: 'label',
  samples: (seed) => ({ train: anomalies(EVENTS, seed, 0), test: anomalies(EVENTS, otherSeed(seed), 0.5) }),
  untrained: (seed) =>
    denseTeacher([FEATURES.length, 16, 3, 16, FEATURES.length], ['tanh', 'tanh', 'tanh', 'linear'], seed),
  training: { epochs: 20, batch: 32, learningRate: 2e-3, loss: SQUARES },
  targets: (_, events) => events,
  file: 'autoencoder.h5',
  written: (teacher) => encodeKeras(teacher),
  asked: (teacher) => reconstructing(teacher, readReconstruction(ANSWER)),
  // Other kinds lie beside what is known: the teacher is asked there too.
  learn: { scaleFrom: 'all', questions: 50_000 },
  compare: { rejection: 0.99 },
  commands: [
    `npx nndrone distill autoencoder.h5 --answer '${ANSWER}' --events train.csv --features ${FEATURES.join()} --scale-from all --questions 50000 --out mine.json`,
    `npx nndrone compare mine.json autoencoder.h5 --answer '${ANSWER}' --events test.csv --label label --rejection 0.99`,
  ],
}
