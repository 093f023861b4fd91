/** What a drone says of itself, as the sections of a report do. */
import { useEffect, useState } from 'preact/hooks'
import { linePlot, numberText } from '../plots/index.ts'
import { type Loaded, loaded, numbersOf, type Part, partOf } from './documents.ts'
import { Facts, Plot, Wide } from './pieces.tsx'
import { explained, type Summary } from './service.ts'

/** Rows of the table of inputs. */
const MOST = 600

/** A drone of the service, once it is here. */
export function useDrone(name: string, version: string, key: string): { it?: Loaded; failed?: string } {
  const [state, setState] = useState<{ of?: string; it?: Loaded; failed?: string }>({})
  const id = `${name}/${version}/${key}`
  useEffect(() => {
    let current = true
    loaded(name, version, key).then(
      (it) => current && setState({ of: id, it }),
      (error) => current && setState({ of: id, failed: explained(error) }),
    )
    return () => {
      current = false
    }
  }, [id])
  return state.of === id ? state : {}
}

export function Card({ model }: { model: Summary }) {
  const { it, failed } = useDrone(model.name, model.active, model.sha256)
  if (failed) return <p class="failed">{failed}</p>
  if (!it) return <p class="muted">Loading…</p>
  const { drone, own } = it
  const { layers, inputs } = drone.network
  const [training, fidelity, teacher] = [partOf(own.training), partOf(own.fidelity), partOf(own.teacher)]
  const domain = partOf(own.domain)
  return (
    <div class="card">
      <h3>The drone</h3>
      <Facts
        of={[
          ['SHA-256', <code>{model.sha256}</code>],
          [
            'network',
            [`${inputs.length} inputs`, ...layers.map((l) => `${l.bias.length} ${l.activation}`)].join(' → '),
          ],
          ['outputs', drone.outputs.join(', ')],
          ['teacher', text(teacher.name) ?? text(teacher.column)],
          ['preset', text(training.preset)],
          ['seed', text(training.seed)],
          ['events learnt from', text(training.events)],
          ['training ended', text(training.stopped)],
          ['events held out', text(fidelity.events)],
          ['mean squared error on them', text(fidelity.mse)],
          ['largest error on them', text(fidelity.maxError)],
        ]}
      />
      <Training of={training} />
      <h3>Inputs</h3>
      <Wide label={`Inputs of ${model.name}`}>
        <table>
          <thead>
            <tr>
              {['input', 'least in training', 'greatest in training', 'if missing'].map((head) => (
                <th scope="col">{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {inputs.slice(0, MOST).map(({ name, default: missing }) => {
              const [least, greatest] = numbersOf(domain[name])
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td class="number">{text(least)}</td>
                  <td class="number">{text(greatest)}</td>
                  <td class="number">{missing === undefined ? 'no score' : text(missing)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </Wide>
    </div>
  )
}

/** The loss by epoch, with what changed the network. */
function Training({ of }: { of: Part }) {
  const loss = numbersOf(of.loss)
  if (loss.length === 0) return null
  return (
    <>
      <h3>Training</h3>
      <Plot figure={lossPlot(loss, numbersOf(of.growths), numbersOf(of.prunings))} />
    </>
  )
}

export function lossPlot(loss: readonly number[], growths: readonly number[], prunings: readonly number[]) {
  const marks = [
    { name: 'a unit added', at: growths },
    { name: 'a unit removed', at: prunings },
  ].filter(({ at }) => at.length > 0)
  return linePlot({
    ...{ id: 'loss', title: 'Loss by epoch', marks, width: 560, height: 300 },
    x: { label: 'epoch', whole: true },
    y: { label: 'loss', scale: 'log' },
    series: [{ name: 'loss', x: loss.map((_, i) => i + 1), y: loss }],
  })
}

/** Whoever wrote the JSON may have put anything in that place. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number') return numberText(value, 4)
  return typeof value === 'string' ? value : undefined
}
