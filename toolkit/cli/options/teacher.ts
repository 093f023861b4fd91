/** Teachers as commands take them: a file, a program or a service. */
import { type Command, Option } from 'commander'
import { UsageError } from '../../errors.ts'
import {
  type Model,
  type Origin,
  openModel,
  openProgram,
  openService,
  PROGRAM_FORMATS,
  type ProgramOptions,
} from '../../models/index.ts'
import {
  type Reconstruction,
  readReconstruction,
  reconstructing,
  reconstructionText,
} from '../../models/reconstruction.ts'
import { shellWord } from '../view/terminal.ts'
import { names, positive } from './values.ts'

export interface TeacherOptions {
  allTrees?: boolean
  answer?: Reconstruction
  features?: string[]
  teacherCommand?: string
  teacherUrl?: string
  teacherFormat: ProgramOptions['format']
  teacherOutputs: string[]
  teacherTimeout: number
}

/** A token for the service; on the command line others could read it. */
const TOKEN = 'NNDRONE_TEACHER_TOKEN'

/** Adds the options that name a program or a service. */
export function teacherOptions(command: Command): Command {
  return command
    .option('--all-trees', 'of XGBoost trained with early stopping: all trees, not only those up to the best iteration')
    .option(
      '--answer <what>',
      'of an autoencoder: reconstruction, the mean squared difference of inputs and outputs; of some columns as reconstruction(pt,eta); log(…) of either',
      readReconstruction,
    )
    .optionsGroup('A program or a service instead of a file:')
    .option('--teacher-command <command>', 'a program that reads events on its standard input and writes answers')
    .addOption(
      new Option('--teacher-format <name>', 'what the program reads and writes')
        .choices(PROGRAM_FORMATS)
        .default('ndjson'),
    )
    .addOption(
      new Option('--teacher-outputs <names>', "names of the program's answers, as p,q,…")
        .argParser(names)
        .default(['score'], 'score'),
    )
    .option('--teacher-url <url>', `a service: …/v2/models/NAME or …/json?model=NAME; a token from ${TOKEN}`)
    .option('--teacher-timeout <seconds>', 'how long the program or service may take for a batch', positive, 60)
}

/** How many teachers are named. */
export function teachersNamed(path: string | undefined, options: TeacherOptions): number {
  return [path, options.teacherCommand, options.teacherUrl].filter((name) => name !== undefined).length
}

/**
 * Opens the teacher that is named, if one is.
 * @param columns names of the inputs, for those that have none of their own
 * @throws UsageError where several are named
 */
export async function openTeacher(
  path: string | undefined,
  options: TeacherOptions,
  columns: () => readonly string[],
): Promise<Model | undefined> {
  const model = await openNamed(path, options, columns)
  const { answer, features } = options
  if (!model || !answer) return model
  try {
    return reconstructing(model, answer, features ?? (model.unnamed && answer.columns ? columns() : undefined))
  } catch (error) {
    await model.close?.()
    throw error
  }
}

async function openNamed(
  path: string | undefined,
  options: TeacherOptions,
  columns: () => readonly string[],
): Promise<Model | undefined> {
  if (teachersNamed(path, options) > 1) {
    throw new UsageError('a file, --teacher-command and --teacher-url: name only one of them')
  }
  const {
    allTrees,
    features,
    teacherCommand,
    teacherUrl,
    teacherFormat: format,
    teacherOutputs: outputs,
    teacherTimeout: timeout,
  } = options
  if (teacherCommand !== undefined) return openProgram(teacherCommand, { inputs: columns(), outputs, format, timeout })
  if (teacherUrl === undefined)
    return path === undefined ? undefined : openModel(path, { allTrees, columns: features?.length })
  return openService(teacherUrl, { inputs: columns(), timeout, token: process.env[TOKEN] })
}

/** The words of a command line that name the teacher again; who has a secret among his own types it again. */
export function teacherWords(
  { allTrees, answer, teacherCommand, teacherUrl, teacherFormat, teacherOutputs }: TeacherOptions,
  { path }: Origin,
) {
  const made = answer ? ` --answer ${shellWord(reconstructionText(answer))}` : ''
  if (teacherUrl !== undefined) return `--teacher-url ${shellWord(path)}${made}`
  if (teacherCommand === undefined) return `${shellWord(path)}${allTrees ? ' --all-trees' : ''}${made}`
  const format = teacherFormat === 'ndjson' ? '' : ` --teacher-format ${teacherFormat}`
  const outputs = teacherOutputs.join() === 'score' ? '' : ` --teacher-outputs ${shellWord(teacherOutputs.join())}`
  const command = teacherCommand === path ? path : `${path} …`
  return `--teacher-command ${shellWord(command)}${format}${outputs}${made}`
}
