/** The report of a drone as one page, and its figures as files: numbers in, text out. */
import type { Report } from '../jobs/report/numbers.ts'
import manifest from '../package.json' with { type: 'json' }
import { numberText, standalone } from '../plots/index.ts'
import { page } from './page.ts'
import { cardSection } from './sections/card.ts'
import { cutsSection } from './sections/cuts.ts'
import { discriminationSection } from './sections/discrimination.ts'
import { driftSection } from './sections/drift.ts'
import { fidelitySection } from './sections/fidelity.ts'
import { inputsSection } from './sections/inputs.ts'
import { latencySection } from './sections/latency.ts'
import { sizeSection } from './sections/size.ts'
import { slicesSection } from './sections/slices.ts'
import { trainingSection } from './sections/training.ts'
import { trustSection } from './sections/trust.ts'

const SECTIONS = [
  cardSection,
  inputsSection,
  trainingSection,
  discriminationSection,
  sizeSection,
  fidelitySection,
  slicesSection,
  cutsSection,
  trustSection,
  driftSection,
  latencySection,
]

export interface ReportFiles {
  /** The page, which needs nothing else. */
  html: string
  /** Each figure by itself: a picture, and the numbers in it. */
  figures: readonly { name: string; svg: string; csv: string }[]
}

export function reportFiles(report: Report): ReportFiles {
  // Slices are only shown where they were asked for.
  const sections = SECTIONS.map((section) => section(report)).filter(({ content }) => content.length > 0)
  const html = page({
    title: `Report of ${report.drone.name}`,
    lead: leadOf(report),
    sections,
    colophon: `Made by nndrone ${manifest.version}. The method: Benson and Gizdov, NNDrone, arXiv:1712.09114.`,
  })
  const drawn = sections.flatMap(({ content }) => content.flatMap(({ drawn = [] }) => drawn))
  const figures = drawn.map(({ name, figure: { svg, csv } }) => ({ name, svg: standalone(svg), csv }))
  return { html, figures }
}

function leadOf({ drone, teacher, events, labels }: Report): string {
  const count = `${numberText(events.count)} ${events.count === 1 ? 'event' : 'events'} of ${events.name}`
  const kinds = labels && ` (${numberText(labels.signal)} signal, ${numberText(labels.background)} background)`
  const lead = `${drone.name}${teacher ? `, its teacher ${teacher.name},` : ''} and ${count}${kinds ?? ''}.`
  if (events.unscored === 0) return lead
  const who = teacher ? 'drone or teacher has' : 'the drone has'
  return `${lead} To ${numberText(events.unscored)} of them ${who} no score, because a value is missing: they are counted among the inputs alone.`
}
