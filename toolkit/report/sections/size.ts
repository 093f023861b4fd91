/** Parameters, and the time of an event: tables 1 and 2 of the paper. */
import type { Report } from '../../jobs/report/numbers.ts'
import { numberText } from '../../plots/index.ts'
import type { Section } from '../page.ts'
import { type Cell, missing, table } from '../pieces.ts'
import { durationText } from '../words.ts'

export function sizeSection({ drone, teacher, times }: Report): Section {
  const rows = (ofDrone: Cell, ofTeacher: Cell): Cell[][] => [
    ...(teacher ? [[`teacher (${teacher.name})`, ofTeacher ?? 'not known']] : []),
    [`drone (${drone.name})`, ofDrone],
  ]
  const parameters = rows(drone.description.parameters, teacher?.description?.parameters)
  return {
    id: 'size',
    title: 'Size and time',
    sentence:
      'The drone pays where it has far fewer parameters than the teacher and takes far less time for an event (tables 1 and 2 of the paper).',
    content: [
      table('Table 1: parameters', ['model', 'parameters'], parameters),
      ...timeTable({ drone, teacher, times }),
      ...(teacher?.description
        ? []
        : [missing("The teacher's size and time", 'name the teacher itself: nndrone report DRONE TEACHER')]),
    ],
  }
}

function timeTable({ drone, teacher, times }: Pick<Report, 'drone' | 'teacher' | 'times'>) {
  if (!times) return [missing('The time of an event', 'make the report without --no-times')]
  const sides = [
    ...(times.teacher ? [{ name: `teacher (${teacher!.name})`, times: times.teacher }] : []),
    { name: `drone (${drone.name})`, times: times.drone },
  ]
  const rows = sides.map(({ name, times: { one, batch } }) => {
    return [name, ...[one.median, one.p99, batch.median].map(durationText)]
  })
  const header = [
    'model',
    'one event',
    '99 % of the blocks take at most',
    `one of ${numberText(times.drone.batch.events)} at once`,
  ]
  const caption = `Table 2: time of an event, on ${times.machine}; the medians of many blocks of calls`
  return [table(caption, header, rows)]
}
