/** A drone that grows: its loss, then how faithful it is; and how it becomes a version. */
import { useState } from 'preact/hooks'
import { type Figure, linePlot, numberText, rocPlot } from '../plots/index.ts'
import type { JobState, ShortEpoch } from '../service/grow-messages.ts'
import { lossPlot } from './card.tsx'
import { Action, count, Facts, Plot } from './pieces.tsx'
import { answer, modelPath, type Summary, write } from './service.ts'

interface Props {
  job: JobState
  epochs: readonly ShortEpoch[]
  models: readonly Summary[]
  onChange(): void
}

export function JobView({ job, epochs, models, onChange }: Props) {
  const { state, teacher, events, message, notices } = job
  const running = state === 'running' || state === 'stopping'
  return (
    <section aria-label="The drone that grows" data-job={job.id} data-state={state}>
      <h2>
        {teacher} <span class="muted">on {events}</span>
      </h2>
      {running && <Running job={job} epochs={epochs} />}
      {state === 'failed' && (
        <p class="failed" role="alert">
          {message}
        </p>
      )}
      {notices.map((notice) => (
        <p key={notice} class="hint">
          {notice}
        </p>
      ))}
      {epochs.length > 0 && <Plot figure={lossOf(epochs)} />}
      {job.grown && <Publish job={job} models={models} onChange={onChange} />}
      {job.grown && <Grown grown={job.grown} models={models} />}
    </section>
  )
}

function lossOf(epochs: readonly ShortEpoch[]): Figure {
  const those = (which: (epoch: ShortEpoch) => boolean) => epochs.filter(which).map(({ epoch }) => epoch)
  return lossPlot(
    epochs.map(({ loss }) => loss),
    those(({ grew }) => grew),
    those(({ pruned }) => pruned),
  )
}

const STAGES: Readonly<Record<string, string>> = {
  reading: 'reading the events',
  asking: 'asking the teacher',
  training: 'learning',
  scoring: 'measuring',
  measuring: 'measuring',
}

function Running({ job: { state, stage, done, total }, epochs }: Pick<Props, 'job' | 'epochs'>) {
  const last = epochs.at(-1)
  const what = state === 'stopping' ? 'stopping' : (STAGES[stage] ?? stage)
  return (
    <>
      <p class="stage" role="status">
        <span>{what}</span>
        <span>
          {stage === 'training' && last && `epoch ${last.epoch} · loss ${numberText(last.loss)} · ${last.hidden} units`}
        </span>
      </p>
      <progress aria-label={what} {...(total ? { value: done, max: total } : {})} />
      <div class="row">
        <Action does={() => write('/page/job/stop')}>{state === 'stopping' ? 'End at once' : 'Stop'}</Action>
        <span class="muted">
          {state === 'stopping' ? 'which keeps nothing' : 'keeps the best so far; a closed tab stops nothing'}
        </span>
      </div>
    </>
  )
}

function Grown({ grown, models }: { grown: NonNullable<JobState['grown']>; models: readonly Summary[] }) {
  const { fidelity, parameters, hidden, stopped, auc, roc } = grown
  return (
    <>
      <Facts
        of={[
          ['parameters', numberText(parameters)],
          ['hidden units', hidden.join(', ')],
          [fidelity.heldOut ? 'MSE on held-out events' : 'MSE', numberText(fidelity.mse)],
          ['largest error', numberText(fidelity.maxError)],
          ['AUC of drone and teacher', auc && `${auc.drone.toFixed(5)}, ${auc.teacher.toFixed(5)}`],
          ['training', stopped === 'aborted' ? 'stopped; the best so far' : stopped],
        ]}
      />
      <div class="results">
        {roc && <Plot figure={rocOf(roc)} />}
        <Plot figure={sizesOf(grown, models)} />
      </div>
    </>
  )
}

function rocOf({ teacher, drone }: NonNullable<NonNullable<JobState['grown']>['roc']>): Figure {
  return rocPlot({
    ...{ id: 'roc', title: 'ROC of teacher and drone', width: 480 },
    curves: [
      { name: 'teacher', ...teacher },
      { name: 'drone', ...drone },
    ],
  })
}

/** Size against MSE: this drone among those that are served. */
function sizesOf({ parameters, fidelity }: NonNullable<JobState['grown']>, models: readonly Summary[]): Figure {
  const others = models
    .flatMap(({ parameters, fidelity }) => (parameters && fidelity?.mse ? [{ x: parameters, y: fidelity.mse }] : []))
    .sort((a, b) => a.x - b.x)
  return linePlot({
    ...{ id: 'sizes', title: 'Size and error of drones', width: 480, height: 300 },
    x: { label: 'parameters', whole: true },
    y: { label: 'MSE', scale: 'log' },
    series: [
      { name: 'this drone', x: [parameters], y: [fidelity.mse] },
      { name: 'served', x: others.map(({ x }) => x), y: others.map(({ y }) => y) },
    ],
  })
}

function Publish({ job, models, onChange }: Omit<Props, 'epochs'>) {
  const [name, setName] = useState('')
  const [version, setVersion] = useState('')
  const [promote, setPromote] = useState(true)
  const [published, setPublished] = useState<string>()
  const chosen = name || 'grown'
  const known = models.find((model) => model.name === chosen)
  const numbers = (known?.versions ?? []).map(Number).filter(Number.isInteger)
  const next = version || String(Math.max(0, ...numbers) + 1)
  const publish = async () => {
    const body = await (await answer('/page/job/drone.json')).text()
    const path = `${modelPath(chosen, next)}${promote ? '?promote' : ''}`
    await write(path, undefined, { method: 'PUT', body })
    setPublished(`${chosen}, version ${next}`)
    onChange()
  }
  const save = async (file: string) => {
    const url = URL.createObjectURL(await (await answer(`/page/job/${file}`)).blob())
    const link = Object.assign(document.createElement('a'), { href: url, download: file })
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
  return (
    <>
      <p>
        <strong>{count(job.grown!.parameters, 'parameter')}</strong>, ready to be published as a version of a model.
      </p>
      <div class="publish">
        <label>
          Model
          <input
            list="models"
            placeholder="grown"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <datalist id="models">
            {models
              .filter(({ parameters }) => parameters !== undefined)
              .map(({ name }) => (
                <option key={name} value={name} />
              ))}
          </datalist>
        </label>
        <label>
          Version
          <input placeholder={next} value={version} onInput={(event) => setVersion(event.currentTarget.value)} />
        </label>
        <label class="check">
          <input type="checkbox" checked={promote} onChange={(event) => setPromote(event.currentTarget.checked)} />
          it answers from now on
        </label>
        <Action class="first" does={publish}>
          Publish
        </Action>
      </div>
      <p role="status">
        {published && (
          <>
            Published: {published}. <a href={`#try/${encodeURIComponent(chosen)}`}>Try it</a>
          </>
        )}
      </p>
      <div class="row">
        <Action does={() => save('drone.json')}>Download drone.json</Action>
        <Action does={() => save('report.html')}>Download its report</Action>
      </div>
    </>
  )
}
