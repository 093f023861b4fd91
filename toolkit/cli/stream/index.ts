/** nndrone stream */
import { type Command, Option } from 'commander'
import { isPlace } from '../../brokers/nats/address.ts'
import { UsageError } from '../../errors.ts'
import { ON_ERROR } from '../../jobs/stream/index.ts'
import type { Interruptions } from '../interrupt.ts'
import { ENVIRONMENT } from '../options/nats.ts'
import { addScaleFile } from '../options/scale.ts'
import { names, whole } from '../options/values.ts'
import type { StreamCommandOptions } from './options.ts'
import { runStream } from './run.ts'
import { statusCommand } from './status.ts'
import { verify } from './verify.ts'
import { runWorkers } from './workers.ts'

export function streamCommand(program: Command, interruptions: Interruptions): void {
  const command = program
    .command('stream')
    .summary('score the messages of a NATS JetStream stream')
    .description(
      'Scores the messages of a NATS JetStream stream, on as many machines as it takes, and publishes an answer to each: every event has exactly one score, also when a worker, the broker or the network dies. Workers of the same --durable share the messages.',
    )
    .argument('[drone]', 'a drone or any other model, or kv://BUCKET/KEY as with --drone')
    .option('--from <url>', 'the stream, and which of its subjects: nats://HOST:PORT/STREAM[/SUBJECT]')
    .option('--to <url>', 'where answers go: nats://HOST:PORT/SUBJECT, which a stream must keep')
    .option(
      '--drone <kv>',
      'a drone of a key-value bucket, kv://BUCKET/KEY: a newer version scores as soon as it is put; kv://BUCKET is a swarm of all its drones',
    )
    .option(
      '--durable <name>',
      "the durable consumer that workers share; nndrone-NAME of the drone's name unless given",
    )
    .option(
      '--keep <names>',
      'write these keys before the scores, as a,b,…; all means the whole event; row means its place in the message',
      names,
    )
    .option('--cut <name>', "add an output of this name: 1 where the event passes this cut of the drone's, else 0")
    .option('--only-passing', 'answer only the events that pass that cut, without such an output')
    .option(
      '--features <names>',
      "keys in the order of the model's inputs, as a,b,…, where they have other names",
      names,
    )
  addScaleFile(command, 'events for a teacher')
    .option('--all-trees', 'of XGBoost trained with early stopping: all trees, not only those up to the best iteration')
    .option('--in-order', 'answers stand in the order of the messages: one message at a time over all workers, slower')
    .option('--workers <n>', 'so many processes on this machine', whole(1), 1)
    .option(
      '--metrics <port>',
      "the worker's figures for Prometheus, at http://127.0.0.1:PORT/metrics; several workers take the ports from there on",
      whole(1),
    )
    .option('--json', 'print what was done as one JSON object at the end')
    .optionsGroup(
      'Events that cannot be scored (not JSON, a missing key, text instead of a number, rows of a wrong length):',
    )
    .addOption(
      new Option(
        '--on-error <what>',
        'send them to the dead letters with the reason, fail at the first one, or skip them',
      )
        .choices(ON_ERROR)
        .default('dead'),
    )
    .option(
      '--dead <subject>',
      'where dead letters go, which a stream must keep; the subject of --to and .dead unless given',
    )
    .optionsGroup('Instead of scoring:')
    .option('--verify', 'count the answers: has every event one score or dead letter, and none two? Exit code 1 if not')
    .addHelpText(
      'after',
      `
A message holds one event (a JSON object, or an array of the inputs in order), or many: NDJSON, or rows of little-endian
numbers, whose sender sets the header Nndrone-Format to f32 or f64. JSON is answered with JSON, NDJSON with NDJSON, and rows
with rows of f32, a number for each output. Answers keep the headers of their message, and name the drone, its version and
its hash. One bad event of many goes to the dead letters alone, with its place; the others are scored.

A message is acknowledged once its answer is stored. What comes again is answered again under the same id, and the stream
of the answers drops it within its duplicate window (2 minutes unless it says otherwise). --verify tells whether anything
came later than that.

SIGTERM and Ctrl-C finish the messages that have come; a second one ends at once. What is not finished comes to another
worker. ${ENVIRONMENT.trim()}

Examples:
  $ nndrone stream drone.json --from nats://localhost/EVENTS --to nats://localhost/scores --keep all
  $ nndrone stream --drone kv://drones/trigger --from nats://localhost/EVENTS/run.* --to nats://localhost/scores --keep id
  $ nndrone stream drone.json --from nats://localhost/EVENTS --to nats://localhost/scores --cut tight --only-passing
  $ nndrone stream drone.json --from nats://localhost/EVENTS --to nats://localhost/scores --workers 4 --on-error skip
  $ nndrone stream status --from nats://localhost/EVENTS --durable nndrone-trigger
  $ nndrone stream drone.json --from nats://localhost/EVENTS --to nats://localhost/scores --verify`,
    )
    .action((drone: string | undefined, options: StreamCommandOptions) => run(drone, options, interruptions))
  statusCommand(command)
}

async function run(
  given: string | undefined,
  options: StreamCommandOptions,
  interruptions: Interruptions,
): Promise<void> {
  for (const name of ['from', 'to'] as const) {
    if (options[name] === undefined) throw new UsageError(`--${name} is missing; --help shows examples`)
  }
  const drone = droneOf(given, options)
  if (options.verify) return verify(drone, options)
  if (options.workers > 1) return runWorkers(options, interruptions)
  return runStream(drone, options, interruptions)
}

function droneOf(given: string | undefined, { drone }: StreamCommandOptions): string {
  if (given !== undefined && drone !== undefined) {
    throw new UsageError(`${given} and --drone ${drone}: name only one of them`)
  }
  if (drone !== undefined && !isPlace(drone)) {
    throw new UsageError(`--drone ${drone}: expected kv://BUCKET/KEY; a file is named without --drone`)
  }
  const named = given ?? drone
  if (named === undefined) throw new UsageError('no drone given; name a file, or kv://BUCKET/KEY')
  return named
}
