// toolkit.mjs
import { writeFileSync } from 'node:fs'
import { formatJSON } from 'nndrone'
import { compare, InputError, learn, openEvents, openModel, report, reportFiles, score } from 'nndrone-toolkit'

const teacher = await openModel('nndrone-demo/teacher.h5')
const { drone, fidelity, features } = await learn({
  teacher,
  events: await openEvents('nndrone-demo/train.csv', { where: 'pt > 2', sample: 2000, seed: 7 }),
  scaleFrom: { column: 'label', value: 1 }, // the teacher was trained on events standardised by the signal
  label: 'label', // measures AUC, trains nothing
  epochs: 50,
  onProgress: ({ stage, done, total }) => done === total && console.log(`${stage}: done`),
  onNotice: console.warn,
  signal: AbortSignal.timeout(60_000), // ends the training with the best drone so far
})
console.log(`${features.join(', ')}: MSE ${fidelity.mse} on ${fidelity.events} events held out`)
writeFileSync('learned.json', formatJSON(drone))

const { mse, auc } = await compare({
  drone,
  teacher,
  events: await openEvents('nndrone-demo/test.csv'),
  label: 'label',
})
console.log(`MSE ${mse} on other events; AUC ${auc.drone}, of the teacher ${auc.teacher}`)

const gathered = await report({ drone, teacher, events: await openEvents('nndrone-demo/test.csv'), label: 'label' })
writeFileSync('report.html', reportFiles(gathered).html) // a page that needs nothing else

const scores = await score({ model: drone, events: await openEvents('nndrone-demo/test.csv'), keep: ['row', 'label'] })
let passed = 0
for await (const { scores: piece, kept } of scores) passed += kept.filter((_, n) => piece[n] > 0.5).length
console.log(`${passed} of ${scores.count} events pass`)

try {
  await openEvents('nndrone-demo/nowhere.csv')
} catch (error) {
  if (!(error instanceof InputError)) throw error
  console.log(error.message) // it names the file, and says what is wrong
}
