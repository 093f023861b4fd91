/** nndrone stream status */
import type { Command } from 'commander'
import { type StreamStatus, statusOf } from '../../brokers/nats/status.ts'
import { UsageError } from '../../errors.ts'
import { counted } from '../../text.ts'
import { connectTo, ENVIRONMENT, sourceOf } from '../options/nats.ts'
import { standardOutput } from '../view/stdout.ts'
import { table } from '../view/terminal.ts'

interface Options {
  from: string
  durable?: string
  json?: boolean
}

export function statusCommand(stream: Command): void {
  stream
    .command('status')
    .summary('show how far the workers of a stream are')
    .description('Shows how many messages wait, are being scored, and came again; and what each worker scores with.')
    .option('--from <url>', 'the stream: nats://HOST:PORT/STREAM')
    .option('--durable <name>', 'the durable consumer that the workers share')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `${ENVIRONMENT}

Example:
  $ nndrone stream status --from nats://localhost/EVENTS --durable nndrone-drone`,
    )
    // Where both have an option of a name, the words after the inner command are the outer one's to commander.
    .action((_: unknown, command: Command) => run(command.optsWithGlobals()))
}

async function run({ from, durable, json }: Options): Promise<void> {
  if (from === undefined) throw new UsageError('--from is missing; it names the stream, as nats://HOST:PORT/STREAM')
  if (durable === undefined) throw new UsageError('--durable is missing; workers name theirs when they begin')
  const { server, stream } = sourceOf(from)
  const connection = await connectTo(server, 'nndrone stream status')
  try {
    const status = await statusOf(connection, stream, durable)
    standardOutput().write(json ? `${JSON.stringify(status, null, 2)}\n` : asText(status))
  } finally {
    await connection.close()
  }
}

function asText({ stream, durable, workers, ...status }: StreamStatus): string {
  const facts = table([
    ['stream', stream],
    ['durable', durable],
    ['in the stream', counted(status.messages, 'message')],
    ['waiting', counted(status.pending, 'message')],
    ['being scored', counted(status.unacknowledged, 'message')],
    ['came again', counted(status.redelivered, 'message')],
    ['all done up to', `sequence ${status.acknowledged}`],
  ])
  if (workers.length === 0) return `${facts}\nno worker answers\n`
  const heads = [
    'worker',
    'drone',
    'version',
    'hash',
    'messages',
    'events',
    'refused',
    'came again',
    'held',
    'messages/s',
  ]
  const rows = workers.map((each) => [
    ...[each.worker, each.drone, each.version, each.hash.slice(0, 12)],
    ...[each.messages, each.events, each.refused, each.redelivered, each.held, each.pace].map((n) =>
      n.toLocaleString('en'),
    ),
  ])
  return `${facts}\n${table([heads, ...rows])}`
}
