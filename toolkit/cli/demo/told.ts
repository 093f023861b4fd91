/** Tells a story on the terminal. */
import { join } from 'node:path'
import { openEvents } from '../../events/index.ts'
import { openDrone } from '../../models/index.ts'
import { writeReport } from '../report-files.ts'
import { comparisonText } from '../view/comparison.ts'
import { say } from '../view/messages.ts'
import { digits } from '../view/numbers.ts'
import { progressBar, watch } from '../view/progress.ts'
import { standardOutput } from '../view/stdout.ts'
import { painter, shellWord } from '../view/terminal.ts'
import { trainingFigures, trainingText } from '../view/training.ts'
import type { DemoOptions } from './options.ts'
import { checkOwn, TEST } from './samples.ts'
import { DRONE, filesOf, openStory, type Story, tell } from './story.ts'

export async function tellStory(story: Story, options: DemoOptions): Promise<void> {
  const { out, seed, json, force } = options
  if (!force) await checkOwn(out, filesOf(story), story)
  if (!json) say(story.question)
  const { epochs } = story.training
  const bar = progressBar('training the teacher', epochs, json)
  const view = watch(json)
  const { learnt, comparison } = await tell(story, out, {
    seed,
    onEpoch(epoch, loss) {
      bar.update(epoch, `epoch ${epoch} loss ${digits(loss)}`)
      if (epoch === epochs) bar.stop()
    },
    onProgress: view.see,
  }).finally(() => {
    bar.stop()
    view.stop()
  })
  const choice = { preset: 'best', seed, out: join(out, DRONE) }
  if (!json) process.stderr.write(`\n${trainingText(learnt, choice)}\n`)
  const { roc: _roc, residuals: _residuals, ...figures } = comparison
  standardOutput().write(
    json
      ? `${JSON.stringify({ learnt: trainingFigures(learnt, choice), compared: figures }, null, 2)}\n`
      : comparisonText(comparison, painter(standardOutput())),
  )
  await reportOf(story, options)
  if (!json)
    say(`Or type, for example:\n  cd ${shellWord(out)}\n${story.commands.map((line) => `  ${line}`).join('\n')}`)
}

/** A page that shows the drone on the events that it was measured on. */
async function reportOf(story: Story, { out, json }: DemoOptions): Promise<void> {
  const [page, events] = [join(out, 'report.html'), await openEvents(join(out, TEST))]
  const [drone, teacher] = [await openDrone(join(out, DRONE)), await openStory(story, out)]
  const view = watch(json)
  const asked = { drone, teacher, events, label: story.label, by: story.compare.by, onProgress: view.see }
  await writeReport(asked, { page, inputs: {} }).finally(view.stop)
  if (!json) say(`report: ${page} shows all of it; open it in a browser`)
}
