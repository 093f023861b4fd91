/** What the drone is: a card that can go along with it. */
import type { Report } from '../../jobs/report/numbers.ts'
import { numberText } from '../../plots/index.ts'
import type { Section } from '../page.ts'
import { type Cell, facts, type Html, table } from '../pieces.ts'

/** Rows of the table of inputs. */
const MOST = 600

type Part = Readonly<Record<string, unknown>>

export function cardSection({ drone, cuts }: Report): Section {
  const { description: card } = drone
  const [training, fidelity, teacher] = [part(card.training), part(card.fidelity), part(card.teacher)]
  return {
    id: 'card',
    title: 'The drone',
    sentence:
      'This card says what the drone is and how it was trained; attach it to the file. Trust its scores within the ranges that its inputs had in training.',
    content: [
      facts([
        ['file', drone.name],
        ['SHA-256', drone.sha256],
        ['format', cell(card.format)],
        ['arithmetic', typeof card.arithmetic === 'number' ? `version ${card.arithmetic}` : undefined],
        ['parameters', cell(card.parameters)],
        ['network', networkText(list(card.inputs).length, list(card.layers))],
        ['outputs', (card.outputs as readonly string[]).join(', ')],
        [
          'cuts',
          cuts.length > 0
            ? cuts.map(({ name, threshold }) => `${name}: ${numberText(threshold, 6)}`).join('; ')
            : undefined,
        ],
        ['teacher', cell(teacher.name) ?? cell(teacher.column)],
        ["teacher's SHA-256", cell(teacher.sha256)],
        ['preset', cell(training.preset)],
        ['seed', cell(training.seed)],
        ['epochs', cell(training.epochs)],
        ['events of a batch', cell(training.batchSize) ?? cell(training.batch)],
        ['learning rate', cell(training.learningRate)],
        ['events learnt from', cell(training.events)],
        ['training ended', cell(training.stopped)],
        ['probes', cell(card.probes)],
        ['events held out', cell(fidelity.events)],
        ['mean squared error on them', cell(fidelity.mse)],
        ['largest error on them', cell(fidelity.maxError)],
      ]),
      inputTable(list(card.inputs)),
    ],
  }
}

function inputTable(inputs: readonly Part[]): Html {
  const rows = inputs.slice(0, MOST).map(({ name, domain, default: missing }): Cell[] => {
    const [least, greatest] = (domain ?? []) as [number?, number?]
    return [String(name), least, greatest, missing === undefined ? 'no default' : cell(missing)]
  })
  const more = inputs.length - rows.length
  const caption = `Inputs, in the order of an event${more > 0 ? `; ${numberText(more)} more are left out` : ''}`
  return table(caption, ['input', 'least in training', 'greatest in training', 'if missing'], rows)
}

/** `6 inputs → 16 rectified → 1 sigmoid` */
function networkText(inputs: number, layers: readonly Part[]): string {
  const units = layers.map(({ units, activation }) => `${units} ${activation}`)
  return [`${numberText(inputs)} ${inputs === 1 ? 'input' : 'inputs'}`, ...units].join(' → ')
}

function part(value: unknown): Part {
  return typeof value === 'object' && value !== null ? (value as Part) : {}
}

function list(value: unknown): readonly Part[] {
  return Array.isArray(value) ? value : []
}

/** Whoever wrote the JSON may have put anything in that place. */
function cell(value: unknown): Cell {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}
