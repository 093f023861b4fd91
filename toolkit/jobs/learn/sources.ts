/** Which sources of events and of answers go together when a drone learns. */
import { UsageError } from '../../errors.ts'
import { checkInputs } from '../answer-columns.ts'

interface Sources {
  target?: readonly string[]
  events?: unknown
  label?: string
  features?: readonly string[]
  probe?: number
  questions?: number
  coordinates?: readonly string[]
  probeMethod?: string
  range?: unknown
}

/**
 * @param taught whether there is a teacher to ask
 * @throws UsageError that names what is missing, or what cannot be combined
 */
export function checkSources(sources: Sources, taught: boolean): void {
  const { target, events, label, features, probe, probeMethod, range, questions, coordinates } = sources
  if (!taught && target === undefined) {
    throw new UsageError('no teacher given; name one, or a column of recorded answers with `target`')
  }
  if (taught && target !== undefined) {
    throw new UsageError('a teacher cannot be combined with `target`; learn from only one of them')
  }
  if (probe !== undefined && target !== undefined) {
    throw new UsageError('`probe` cannot be combined with `target`; name a teacher that can be asked about new events')
  }
  if (questions && target !== undefined) {
    throw new UsageError(
      '`questions` cannot be combined with `target`; name a teacher that can be asked about new events',
    )
  }
  if (coordinates && !taught) throw new UsageError('`coordinates` needs a teacher that is asked about new events')
  if (probeMethod !== undefined && probe === undefined) throw new UsageError('`probeMethod` requires `probe`')
  if (events !== undefined && range !== undefined) throw new UsageError('`range` cannot be combined with `events`')
  if (events === undefined && label !== undefined) {
    throw new UsageError('`label` needs `events`; probes have no labels')
  }
  if (events === undefined && (probe === undefined || range === undefined)) {
    throw new UsageError('no events given; name them with `events`, or make probes with both `probe` and `range`')
  }
  if (features) checkInputs(features, sources)
}
