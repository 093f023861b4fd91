/** Parameters, and the time of an event: tables 1 and 2 of the paper. */
import type { Report } from '../../jobs/report.ts'
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
    return [name, ...[one.median, one.p99, batch.median, batch.p99].map(durationText)]
  })
  const header = [
    'model',
    'one event',
    'at most, 99 % of the time',
    `one of ${times.drone.batch.events} at once`,
    'at most, 99 % of the time',
  ]
  const caption = `Table 2: time of an event, measured on this machine (${times.machine}); the median of many calls`
  return [table(caption, header, rows)]
}
