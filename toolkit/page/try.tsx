/** An event by sliders: its score in this page, and what the service says of it. */
import { shortest } from 'nndrone'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { numberText } from '../plots/index.ts'
import { useDrone } from './card.tsx'
import type { Loaded } from './documents.ts'
import { bitsOf, type Slider, slidersOf } from './event.ts'
import { response } from './field.ts'
import { FileScores } from './file.tsx'
import { HeatMap } from './heat-map.tsx'
import { Away, explained, json, modelPath, type Summary } from './service.ts'

/** Inputs that are shown at once; the others are found by their names. */
const SHOWN = 24

/** Values that were tried stay while the tab does, by drone. */
const tried = new Map<string, number[]>()

export function Try({ models, name, away }: { models: readonly Summary[]; name?: string; away?: boolean }) {
  const drones = models.filter(({ parameters }) => parameters !== undefined)
  const model = drones.find((one) => one.name === name) ?? drones[0]
  if (!model) return <p class="hint">No drone is served yet.</p>
  return (
    <div class="try">
      <div class="choose">
        <label>
          Drone
          <select
            value={model.name}
            onChange={(event) => {
              location.hash = `#try/${encodeURIComponent(event.currentTarget.value)}`
            }}
          >
            {drones.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        {name !== undefined && name !== model.name && <p class="failed">There is no drone {name}.</p>}
      </div>
      <Chosen key={`${model.name}/${model.active}/${model.sha256}`} model={model} away={away} />
    </div>
  )
}

function Chosen({ model, away }: { model: Summary; away?: boolean }) {
  const { it, failed } = useDrone(model.name, model.active, model.sha256)
  if (failed) return <p class="failed">{failed}</p>
  if (!it) return <p class="muted">Loading…</p>
  return <Event model={model} it={it} away={away} />
}

function Event({ model, it, away }: { model: Summary; it: Loaded; away?: boolean }) {
  const { drone, own } = it
  const sliders = useMemo(() => slidersOf(drone, own), [drone])
  const key = `${model.name}/${model.sha256}`
  const [values, setValues] = useState(() => tried.get(key) ?? sliders.map(({ start }) => start))
  const [output, setOutput] = useState(0)
  const [wanted, setWanted] = useState('')
  const set = (i: number, value: number) => {
    setValues((values) => {
      const next = values.with(i, value)
      tried.set(key, next)
      return next
    })
  }
  const scores = drone.predictInto(values.map(Number), new Float32Array(drone.outputs.length))
  const first = useRef(true)
  useEffect(() => {
    if (first.current) performance.mark('first score')
    first.current = false
  }, [])
  const filter = wanted.trim().toLowerCase()
  const found = sliders.flatMap((slider, i) => (slider.name.toLowerCase().includes(filter) ? [{ slider, i }] : []))
  return (
    <>
      <div>
        {sliders.length > SHOWN && (
          <label class="field">
            Find among {sliders.length} inputs
            <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
          </label>
        )}
        <ul class="inputs">
          {found.slice(0, SHOWN).map(({ slider, i }) => (
            <Input key={i} it={it} slider={slider} at={i} values={values} output={output} set={set} />
          ))}
        </ul>
        {found.length > SHOWN && <p class="muted">{found.length - SHOWN} more; find them by their names.</p>}
        <div class="row">
          <button type="button" onClick={() => setValues(sliders.map(({ start }) => start))}>
            Back to the middle
          </button>
        </div>
      </div>
      <div class="beside">
        {drone.outputs.length > 1 && (
          <label class="field">
            Output
            <select value={output} onChange={(event) => setOutput(Number(event.currentTarget.value))}>
              {drone.outputs.map((name, i) => (
                <option key={name} value={i}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <Score model={model} it={it} values={values} score={scores[output]!} output={output} away={away} />
        {sliders.length > 1 && <HeatMap drone={drone} sliders={sliders} values={values} output={output} set={set} />}
      </div>
      <FileScores model={model} it={it} />
    </>
  )
}

interface ScoreProps {
  model: Summary
  it: Loaded
  values: readonly number[]
  score: number
  output: number
  away?: boolean
}

function Score({ model, it: { drone }, values, score, output, away }: ScoreProps) {
  const answer = useAnswer(model, values, away)
  const theirs = answer.scores?.[output]
  const same = theirs !== undefined && bitsOf(theirs) === bitsOf(score)
  const name = drone.outputs[output]!
  const cuts = Object.entries(drone.cuts).filter(([, cut]) => cut.output === name)
  const lacking = Number.isNaN(score)
    ? drone.network.inputs.filter((input, i) => input.default === undefined && Number.isNaN(values[i]!))
    : []
  return (
    <section aria-label="Score">
      <dl class="scores">
        <dd class="big" data-score>
          {Number.isNaN(score) ? 'no score' : numberText(score, 5)}
        </dd>
        <dt>this page</dt>
        <dd>
          {digits(score)}
          <code>{bitsOf(score)}</code> <small>{drone.engine}</small>
        </dd>
        <dt>the service</dt>
        <dd aria-live="polite" data-same={same}>
          {theirs === undefined ? (
            <span class="muted">{answer.failed ?? '…'}</span>
          ) : (
            <>
              {digits(theirs)}
              <code>{bitsOf(theirs)}</code>{' '}
              {same ? <span class="same">the same bits</span> : <span class="alert">other bits</span>}
            </>
          )}
        </dd>
      </dl>
      {lacking.length > 0 && <p class="hint">{lacking[0]!.name} is missing, and has no default.</p>}
      {cuts.length > 0 && (
        <ul class="verdicts" aria-label="Cuts">
          {cuts.map(([cut, { threshold }]) => (
            <li key={cut} class={score >= threshold ? 'passes' : undefined}>
              {score >= threshold ? 'passes' : 'fails'} {cut}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function digits(score: number): string {
  return Number.isFinite(score) ? String(shortest(score)) : 'none'
}

/** Milliseconds in which values may change before the service is asked. */
const CALM = 80

/** What the service says of the event. */
function useAnswer(model: Summary, values: readonly number[], away?: boolean) {
  const [answer, setAnswer] = useState<{ of?: readonly number[]; scores?: number[]; failed?: string }>({})
  useEffect(() => {
    const ended = new AbortController()
    const timer = setTimeout(async () => {
      const body = {
        inputs: [{ name: 'events', shape: [1, values.length], datatype: 'FP64', data: values.map(orNull) }],
      }
      try {
        const { outputs } = await json<{ outputs: { data: (number | null)[] }[] }>(
          `${modelPath(model.name, model.active)}/infer`,
          { method: 'POST', body: JSON.stringify(body), signal: ended.signal },
        )
        setAnswer({ of: values, scores: outputs.map(({ data }) => Math.fround(data[0] ?? Number.NaN)) })
      } catch (error) {
        if (!ended.signal.aborted) setAnswer({ of: values, failed: error instanceof Away ? 'away' : explained(error) })
      }
    }, CALM)
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [model.name, model.active, values, away])
  return answer.of === values ? answer : {}
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

interface InputProps {
  it: Loaded
  slider: Slider
  at: number
  values: readonly number[]
  output: number
  set(i: number, value: number): void
}

/** Steps of a slider: by the arrow keys from end to end. */
const STEPS = 200

function Input({ it: { drone }, slider: { name, range, known, start }, at, values, output, set }: InputProps) {
  const value = values[at]!
  const missing = Number.isNaN(value)
  const outside = !missing && (value < range[0] || value > range[1])
  const id = `input-${at}`
  return (
    <li class="input">
      <label class="name" for={id}>
        {name}
      </label>
      <input
        id={id}
        type="number"
        step="any"
        value={missing ? '' : value}
        placeholder="missing"
        onInput={(event) => set(at, event.currentTarget.value === '' ? Number.NaN : event.currentTarget.valueAsNumber)}
      />
      <button
        type="button"
        class="small"
        aria-pressed={missing}
        aria-label={`${name} is missing`}
        onClick={() => set(at, missing ? start : Number.NaN)}
      >
        missing
      </button>
      <div class="curve">
        <Curve scores={response(drone, values, at, range, output)} at={missing ? undefined : place(value, range)} />
        <input
          type="range"
          aria-label={`${name}, from ${numberText(range[0])} to ${numberText(range[1])}`}
          min={range[0]}
          max={range[1]}
          step={(range[1] - range[0]) / STEPS}
          value={missing ? start : value}
          onInput={(event) => set(at, event.currentTarget.valueAsNumber)}
        />
      </div>
      {outside && (
        <small class={known ? 'alert' : undefined}>
          {known ? 'out of' : 'beyond'} {numberText(range[0], 4)} to {numberText(range[1], 4)}
          {known ? ', the range in training' : ''}
        </small>
      )}
    </li>
  )
}

function place(value: number, [least, greatest]: readonly [number, number]): number {
  return Math.min(1, Math.max(0, (value - least) / (greatest - least)))
}

/** How the score changes along one input. */
function Curve({ scores, at }: { scores: readonly number[]; at: number | undefined }) {
  const finite = scores.filter(Number.isFinite)
  const [low, high] = [Math.min(0, ...finite), Math.max(1, ...finite)]
  const last = scores.length - 1
  const d = scores
    .map((score, i) => (Number.isFinite(score) ? `${(100 * i) / last} ${(30 * (high - score)) / (high - low)}` : ''))
    .filter(Boolean)
    .join('L')
  return (
    <svg viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
      <path class="base" d="M0 30H100M0 0H100" />
      {at !== undefined && <path class="now" d={`M${100 * at} 0V30`} />}
      {d && <path d={`M${d}`} />}
    </svg>
  )
}
