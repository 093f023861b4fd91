/** What runs: each model with its live figures; its card, its versions, and which of them answers. */
import { useState } from 'preact/hooks'
import { numberText } from '../plots/index.ts'
import { Card } from './card.tsx'
import { count, percent, secondsText } from './pieces.tsx'
import type { Summary } from './service.ts'
import { VersionsTable } from './versions.tsx'

export function Drones({ models, onChange }: { models: readonly Summary[]; onChange(): void }) {
  if (models.length === 0) {
    return <p class="hint">No model is served yet. Put one into the folder, or grow one.</p>
  }
  return (
    <div class="models">
      {models.map((model) => (
        <Model key={model.name} model={model} onChange={onChange} />
      ))}
    </div>
  )
}

function Model({ model, onChange }: { model: Summary; onChange(): void }) {
  const [open, setOpen] = useState<'card' | 'versions'>()
  const { name, active, platform, versions, live } = model
  const isDrone = model.parameters !== undefined
  const toggle = (part: 'card' | 'versions') => setOpen(open === part ? undefined : part)
  return (
    <article class="model" aria-label={name}>
      <header>
        <h2>{name}</h2>
        <p class="muted">
          {isDrone ? `version ${active}` : `teacher · ${platform}`}
          {versions.length > 1 && ` of ${versions.length}`}
        </p>
      </header>
      <p class="what">{whatOf(model)}</p>
      <dl class="live">
        <Figure
          name="requests"
          value={numberText(live.requests)}
          more={live.failures ? `${live.failures} failed` : ''}
        />
        <Figure name="events" value={numberText(live.events)} />
        <Figure
          name="latency"
          value={live.latency ? secondsText(live.latency.p50) : '–'}
          more={live.latency && `99 %: ${secondsText(live.latency.p99)}`}
        />
        <Drift live={live} />
        <Figure name="out of domain" value={live.drift?.outside === undefined ? '–' : percent(live.drift.outside)} />
      </dl>
      {isDrone && (
        <div class="row">
          <a class="button" href={`#try/${encodeURIComponent(name)}`}>
            Try<span class="unseen"> {name}</span>
          </a>
          <button type="button" aria-expanded={open === 'card'} onClick={() => toggle('card')}>
            Card
          </button>
          <button type="button" aria-expanded={open === 'versions'} onClick={() => toggle('versions')}>
            Versions
          </button>
        </div>
      )}
      {open === 'card' && <Card model={model} />}
      {open === 'versions' && <VersionsTable model={model} onChange={onChange} />}
    </article>
  )
}

/** `6 inputs → 16 → 1 · 129 parameters · MSE 1.2×10⁻⁵ · cuts: tight 0.93` */
function whatOf({ inputs, outputs, hidden, parameters, fidelity, cuts }: Summary): string {
  const shape = [count(inputs.length, 'input'), ...(hidden ?? []), outputs.length]
  const named = Object.entries(cuts ?? {}).map(([name, { threshold }]) => `${name} ${numberText(threshold, 4)}`)
  return [
    hidden ? shape.join(' → ') : `${shape[0]}, ${count(outputs.length, 'output')}`,
    parameters !== undefined && count(parameters, 'parameter'),
    fidelity?.mse !== undefined && `MSE ${numberText(fidelity.mse)}`,
    named.length > 0 && `cuts: ${named.join(', ')}`,
  ]
    .filter(Boolean)
    .join(' · ')
}

function Drift({ live: { drift } }: Pick<Summary, 'live'>) {
  if (!drift || drift.events === 0) return <Figure name="drift" value="–" />
  const names = drift.variables.map(({ name }) => name)
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '')
  return (
    <Figure
      name="drift"
      value={drift.drifted ? 'drifted' : 'none'}
      alert={drift.drifted}
      more={drift.drifted ? shown : `of ${count(drift.events, 'event')}`}
    />
  )
}

function Figure({ name, value, more, alert }: { name: string; value: string; more?: string; alert?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={alert ? 'alert' : undefined}>
        {value}
        {more && <small>{more}</small>}
      </dd>
    </div>
  )
}
