/** nndrone import */
import type { Command } from 'commander'
import { type Drone, formatJSON } from 'nndrone'
import { UsageError } from '../errors.ts'
import { type ImportOptions, importDrone } from '../jobs/import.ts'
import { type Model, openModel } from '../models/index.ts'
import { openScaling } from '../scaling/read.ts'
import { counted } from '../text.ts'
import { addScaleFile } from './options/scale.ts'
import { names } from './options/values.ts'
import { checkNew, checkOutput, writeFile } from './output.ts'
import { say } from './view/messages.ts'
import { standardOutput } from './view/stdout.ts'

interface Options {
  out?: string
  features?: string[]
  scaleFrom?: { file: string }
  force?: boolean
  json?: boolean
}

export function importCommand(program: Command): void {
  const command = program
    .command('import')
    .summary('make a drone of a model that is a small dense net already')
    .description(
      'Makes a drone of a model that is a chain of dense layers already, without any training: of Keras, ONNX, lwtnn or TMVA (MLP, Fisher, LD). Its answers are those of the model, within the rounding of float32. What a drone cannot be is refused by name.',
    )
    .argument('<model>', 'the model')
    .option('--out <file>', 'where the drone is written')
    .option('--features <names>', 'names for its inputs, as a,b,…, where the file has none or others', names)
  addScaleFile(command, 'events for a model whose file does not tell')
    .option('--force', 'replace that file if it exists')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone import model.onnx --features pt,eta,mass --out drone.json
  $ nndrone import model.h5 --features pt,eta,mass --scale-from scale.json --out drone.json
  $ nndrone import TMVAClassification_MLP.weights.xml --out drone.json`,
    )
    .action(run)
}

async function made(model: Model, options: Omit<ImportOptions, 'model'>): Promise<Drone> {
  try {
    return importDrone({ model, ...options })
  } finally {
    await model.close?.()
  }
}

async function run(path: string, { out, features, scaleFrom, force, json }: Options): Promise<void> {
  if (out === undefined) throw new UsageError('--out is missing; name the file of the drone')
  await checkOutput(out, { MODEL: path, '--scale-from': scaleFrom?.file })
  if (!force) await checkNew(out)
  const scaling = scaleFrom && (await openScaling(scaleFrom.file))
  const model = await openModel(path, { columns: features?.length })
  const drone = await made(model, { features, scaleFrom: scaling })
  await writeFile(out, `${formatJSON(drone)}\n`)
  const { parameters, hidden, inputs, outputs } = drone
  if (json) standardOutput().write(`${JSON.stringify({ out, parameters, hidden, inputs, outputs })}\n`)
  else
    say(`wrote ${out}: ${[inputs.length, ...hidden, outputs.length].join(' → ')}, ${counted(parameters, 'parameter')}`)
}
