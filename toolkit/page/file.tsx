/** A file of events, scored in this page: its histogram, its drift, and the file with the scores. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Bins } from '../plots/counts/bins.ts'
import { Histogram } from '../plots/counts/histogram.ts'
import { type Figure, histogramPlot, numberText } from '../plots/index.ts'
import type { Loaded } from './documents.ts'
import type { FileScored, Order, Report } from './messages.ts'
import { count, Plot, percent, secondsText, Wide } from './pieces.tsx'
import type { Summary } from './service.ts'

interface State {
  file?: File
  bytes?: number
  events?: number
  failed?: string
  scored?: FileScored
}

export function FileScores({ model, it }: { model: Summary; it: Loaded }) {
  const [state, setState] = useState<State>({})
  const [over, setOver] = useState(false)
  const worker = useRef<Worker>()
  useEffect(() => () => worker.current?.terminate(), [])
  const start = (file: File | undefined) => {
    if (!file) return
    worker.current?.terminate()
    setState({ file, bytes: 0, events: 0 })
    const one = new Worker('/page/worker.js', { type: 'module' })
    worker.current = one
    one.onmessage = ({ data }: MessageEvent<Report>) => {
      if (data.what === 'progress') return setState((state) => ({ ...state, bytes: data.bytes, events: data.events }))
      one.terminate()
      setState(data.what === 'done' ? { file, scored: data.scored } : { file, failed: data.message })
    }
    one.onerror = () => setState({ file, failed: 'the worker of this page could not be started' })
    one.postMessage({ document: it.document, file } satisfies Order)
  }
  const { file, bytes, events, failed, scored } = state
  return (
    <section class="file" aria-labelledby="file-title">
      <h2 id="file-title">A file of events</h2>
      <p class="muted">Scored in this page; nothing is sent.</p>
      <label
        class={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          start(event.dataTransfer?.files[0])
        }}
      >
        <input
          type="file"
          accept=".csv,.tsv,.ndjson,.jsonl,.json,.txt"
          onChange={(event) => {
            start(event.currentTarget.files?.[0])
            // The same file may be chosen again.
            event.currentTarget.value = ''
          }}
        />
        Drop a CSV or NDJSON file here, or choose one
      </label>
      <div aria-live="polite">
        {failed && (
          <p class="failed" role="alert">
            {failed}
          </p>
        )}
        {file && bytes !== undefined && (
          <>
            <p class="stage">
              <span>{file.name}</span>
              <span>{count(events!, 'event')}</span>
            </p>
            <progress aria-label={`Scoring ${file.name}`} value={bytes} max={file.size} />
          </>
        )}
        {scored && <Results scored={scored} model={model} />}
      </div>
    </section>
  )
}

function Results({ scored, model }: { scored: FileScored; model: Summary }) {
  const { events, unscored, seconds, drift, joined, name } = scored
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    const url = URL.createObjectURL(joined)
    setAddress(url)
    return () => URL.revokeObjectURL(url)
  }, [joined])
  return (
    <>
      <p>
        <strong>{count(events, 'event')}</strong> in {secondsText(seconds)}
        {unscored > 0 && `; ${count(unscored, 'event')} without a score, because a value is missing`}
        {drift.events > 0 && `; ${percent(drift.outside)} out of the ranges in training`}.
      </p>
      <div class="row">
        <a class="button first" href={address} download={name}>
          Download {name}
        </a>
      </div>
      <div class="results">
        <Plot figure={histogramOf(scored, model.outputs[0]!)} />
        <DriftTable drift={drift} />
      </div>
    </>
  )
}

function histogramOf({ ends, counts }: FileScored, name: string): Figure {
  const histogram = new Histogram(new Bins(ends[0], ends[1], counts.length))
  histogram.counts.set(counts)
  return histogramPlot({
    ...{ id: 'file-scores', title: 'Scores of the file', width: 480, height: 300, legend: false },
    x: { label: name },
    series: [{ name: 'events', histogram }],
  })
}

/** Rows: those that differ most. */
const MOST = 20

function DriftTable({ drift }: { drift: FileScored['drift'] }) {
  if (drift.variables.length === 0) return <p class="hint">The drone keeps no quantiles to measure drift against.</p>
  const sorted = [...drift.variables].sort((a, b) => b.psi - a.psi)
  return (
    <Wide label="Drift against the training">
      <table>
        <caption class="unseen">Drift against the training</caption>
        <thead>
          <tr>
            {['against training', 'PSI', 'KS', 'missing', ''].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, MOST).map(({ name, kind, psi, ks, missing, drifted }) => (
            <tr key={`${kind} ${name}`}>
              <th scope="row">{name}</th>
              <td class="number">{numberText(psi, 2)}</td>
              <td class="number">{numberText(ks, 2)}</td>
              <td class="number">{percent(missing)}</td>
              <td class={drifted ? 'alert' : 'muted'}>{drifted ? 'drifted' : 'as in training'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}
