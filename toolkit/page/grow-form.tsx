/** What a drone is to be grown from, and how. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Choices, FileChoice, GrowOptions } from '../service/grow-messages.ts'
import { Action } from './pieces.tsx'
import { explained, write } from './service.ts'

/** Options that are numbers, each with what happens unless it is given. */
const NUMBERS = [
  {
    key: 'maxHidden',
    title: 'Hidden units at most',
    unless: '16',
    min: 1,
    hint: 'More units follow the teacher closer, and take longer for each event.',
  },
  {
    key: 'epochs',
    title: 'Epochs',
    unless: 'as the way to train has it',
    min: 1,
    hint: 'How many times the training goes through all events, at most.',
  },
  {
    key: 'questions',
    title: 'Questions',
    unless: 'none',
    min: 0,
    hint: 'Events more that the teacher is asked about, made like those of the file.',
  },
  {
    key: 'holdout',
    title: 'Held out',
    unless: '0.2',
    min: 0,
    max: 0.9,
    step: 0.05,
    hint: 'The fraction of the events to measure on and not to learn from.',
  },
  { key: 'seed', title: 'Seed', unless: '1', min: 0, hint: 'The same seed grows the same drone from the same events.' },
] as const

const UPLOAD = '\0upload'

export function GrowForm({ choices, busy }: { choices: Choices; busy: boolean }) {
  const [teacher, setTeacher] = useState<string>()
  const [events, setEvents] = useState<string>()
  const [sent, setSent] = useState<{ teacher?: FileChoice; events?: FileChoice }>({})
  const [label, setLabel] = useState<string>()
  const [scale, setScale] = useState('kept')
  const [preset, setPreset] = useState<'best' | 'paper' | 'reference'>('best')
  const [numbers, setNumbers] = useState<Record<string, number | undefined>>({})
  // The biggest first: what is served as a teacher stands before the drones.
  const teachers = [...choices.teachers].sort(
    (a, b) => Number(a.platform === 'nndrone') - Number(b.platform === 'nndrone'),
  )
  const chosenTeacher = teacher ?? teachers[0]?.name ?? UPLOAD
  const chosenEvents =
    events ?? (choices.events.find(({ name }) => /train/i.test(name)) ?? choices.events[0])?.id ?? UPLOAD
  const file = chosenEvents === UPLOAD ? sent.events : choices.events.find(({ id }) => id === chosenEvents)
  const columns = file?.columns ?? []
  const chosenLabel =
    label !== undefined && (label === '' || columns.includes(label))
      ? label
      : (columns.find((name) => /^(label|target|signal|y)$/i.test(name)) ?? '')
  const ready = file && (chosenTeacher !== UPLOAD || sent.teacher)
  const start = async () => {
    const given = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined))
    const options: GrowOptions = {
      ...given,
      preset,
      label: chosenLabel || undefined,
      scaleFrom: scaleFrom(scale, chosenLabel),
    }
    await write('/page/job', {
      teacher: chosenTeacher === UPLOAD ? { file: sent.teacher!.id } : { model: chosenTeacher },
      events: chosenEvents === UPLOAD ? { file: file!.id } : { name: file!.name },
      options,
    })
  }
  return (
    <form class="form" onSubmit={(event) => event.preventDefault()}>
      <Field id="teacher" title="Teacher" hint="What the drone learns to answer as.">
        <select id="teacher" value={chosenTeacher} onChange={(event) => setTeacher(event.currentTarget.value)}>
          {teachers.map(({ name, platform }) => (
            <option key={name} value={name}>
              {name} ({platform === 'nndrone' ? 'drone' : platform})
            </option>
          ))}
          <option value={UPLOAD}>a file of mine…</option>
        </select>
        {chosenTeacher === UPLOAD && (
          <Send
            kind="teacher"
            sent={sent.teacher}
            hint="Keras, ONNX, XGBoost, LightGBM, TMVA, lwtnn or a drone; a program is not taken."
            onSent={(teacher) => setSent((sent) => ({ ...sent, teacher }))}
          />
        )}
      </Field>
      <Field id="events" title="Events" hint="They need no labels: the teacher answers.">
        <select id="events" value={chosenEvents} onChange={(event) => setEvents(event.currentTarget.value)}>
          {choices.events.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value={UPLOAD}>a file of mine…</option>
        </select>
        {chosenEvents === UPLOAD && (
          <Send
            kind="events"
            sent={sent.events}
            hint="CSV, NDJSON, Parquet, Arrow, NumPy or ROOT."
            onSent={(events) => setSent((sent) => ({ ...sent, events }))}
          />
        )}
      </Field>
      <Field id="label" title="Label" hint="1 for signal, 0 for background: draws the ROC curve; nothing learns it.">
        <select id="label" value={chosenLabel} onChange={(event) => setLabel(event.currentTarget.value)}>
          <option value="">none</option>
          {columns.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </Field>
      <details>
        <summary>Options</summary>
        <fieldset>
          <legend class="unseen">Options</legend>
          <Field
            id="preset"
            title="Way to train"
            hint="Best shrinks from more units than it keeps; paper and reference grow from five."
          >
            <select
              id="preset"
              value={preset}
              onChange={(event) => setPreset(event.currentTarget.value as typeof preset)}
            >
              <option>best</option>
              <option>paper</option>
              <option>reference</option>
            </select>
          </Field>
          <Field
            id="scale"
            title="Standardised for the teacher"
            hint="How its events were standardised, where its file does not tell."
          >
            <select id="scale" value={scale} onChange={(event) => setScale(event.currentTarget.value)}>
              <option value="kept">as its file or a drone of it keeps</option>
              <option value="signal">by the events with label 1</option>
              <option value="all">by all events</option>
            </select>
          </Field>
          {NUMBERS.map(({ key, title, unless, hint, ...range }) => (
            <Field key={key} id={key} title={title} hint={hint}>
              <input
                id={key}
                type="number"
                placeholder={unless}
                step={1}
                {...range}
                value={numbers[key] ?? ''}
                onInput={(event) => {
                  const { value, valueAsNumber } = event.currentTarget
                  setNumbers((before) => ({ ...before, [key]: value === '' ? undefined : valueAsNumber }))
                }}
              />
            </Field>
          ))}
        </fieldset>
      </details>
      <div class="row">
        <Action class="first" disabled={busy || !ready || !choices.writable} does={start}>
          Grow
        </Action>
        {busy && <span class="muted">one at a time</span>}
      </div>
    </form>
  )
}

function scaleFrom(scale: string, label: string): GrowOptions['scaleFrom'] {
  if (scale === 'all') return 'all'
  return scale === 'signal' && label ? { column: label, value: 1 } : undefined
}

function Field({
  id,
  title,
  hint,
  children,
}: {
  id: string
  title: string
  hint: string
  children: ComponentChildren
}) {
  return (
    <div class="field">
      <label for={id}>{title}</label>
      {children}
      <small>{hint}</small>
    </div>
  )
}

interface SendProps {
  kind: 'teacher' | 'events'
  sent: FileChoice | undefined
  hint: string
  onSent(file: FileChoice): void
}

/** Sends a file to the service, as soon as it is chosen. */
function Send({ kind, sent, hint, onSent }: SendProps) {
  const [state, setState] = useState<{ busy?: string; failed?: string }>({})
  const send = async (file: File | undefined) => {
    if (!file) return
    setState({ busy: file.name })
    try {
      const query = new URLSearchParams({ kind, name: file.name })
      onSent(await write<FileChoice>(`/page/files?${query}`, undefined, { body: file }))
      setState({})
    } catch (error) {
      setState({ failed: explained(error) })
    }
  }
  return (
    <>
      <input
        type="file"
        aria-label={kind === 'teacher' ? 'File of a teacher' : 'File of events'}
        onChange={(event) => send(event.currentTarget.files?.[0])}
      />
      <small role="status" class={state.failed ? 'failed' : undefined}>
        {state.failed ?? (state.busy ? `sending ${state.busy}…` : sent ? `${sent.name} is there` : hint)}
      </small>
    </>
  )
}
