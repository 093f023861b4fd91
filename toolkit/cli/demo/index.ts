/** nndrone demo */
import { mkdir } from 'node:fs/promises'
import type { Command } from 'commander'
import { fileError, UsageError } from '../../errors.ts'
import { counted } from '../../text.ts'
import { whole } from '../options/values.ts'
import { ANOMALY_STORY } from './anomalies.ts'
import { FLAVOUR_STORY } from './flavours.ts'
import { MASS_STORY } from './masses.ts'
import type { DemoOptions } from './options.ts'
import { DECAYS, EVENTS, JETS, tellPaper } from './paper.ts'
import type { Story } from './story.ts'
import { tellStory } from './told.ts'

/** Those beside the paper's, by the option that asks for them. */
const STORIES = { masses: MASS_STORY, anomalies: ANOMALY_STORY, flavours: FLAVOUR_STORY } as const
type StoryName = keyof typeof STORIES

type Options = Omit<DemoOptions, 'out'> & { out?: string } & Partial<Record<StoryName | 'jets', boolean>>

export function demoCommand(program: Command): void {
  program
    .command('demo')
    .summary("tell the paper's story on decays of its own, in a minute")
    .description(
      `Tells the whole story on generated decays: makes ${counted(EVENTS, 'decay')} (B_s → J/ψ φ and D⁰ → ππππ), trains the paper's teacher on half of them, distils it into a growing drone with the paper's settings and with the best ones, and measures all three on the other half. The page report.html shows it. Other stories have options of their own.`,
    )
    .option('--out <folder>', 'where events, teacher and drones are written; nndrone-demo, or nndrone-NAME of a story')
    .option('--force', 'replace files of the same names that are not from an earlier demo')
    .option('--seed <n>', 'random seed', whole(0), 1)
    .option('--json', 'print the figures as one JSON object')
    .optionsGroup('Other stories:')
    .option('--jets', "the paper's second example: jets of quarks and of gluons, with 17 inputs")
    .option('--masses', 'a resonance whose mass is an input, and a mass that no training has seen')
    .option('--anomalies', 'an autoencoder as teacher, and decays of a kind that no training has seen')
    .option('--flavours', 'jets of four flavours, with 66 inputs, most of which are often missing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ nndrone demo --out story --seed 7\n  $ nndrone demo --jets\n  $ nndrone demo --flavours',
    )
    .action(run)
}

async function run(options: Options): Promise<void> {
  const names = ['jets', ...Object.keys(STORIES)] as (StoryName | 'jets')[]
  const [name, ...more] = names.filter((name) => options[name])
  if (more.length > 0)
    throw new UsageError(`--${name} cannot be combined with --${more[0]}; tell one story after the other`)
  const story: Story | undefined = name && name !== 'jets' ? STORIES[name] : undefined
  const asked = { ...options, out: options.out ?? `nndrone-${name ?? 'demo'}` }
  await mkdir(asked.out, { recursive: true }).catch((error) => {
    throw fileError(asked.out, error)
  })
  await (story ? tellStory(story, asked) : tellPaper(name === 'jets' ? JETS : DECAYS, asked))
}
