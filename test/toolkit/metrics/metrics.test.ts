/** The text of metrics, as Prometheus' documentation of the exposition format has it. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { quantileOf, Registry } from '../../../toolkit/metrics/index.ts'

const test = suite('metrics')

function filled(): Registry {
  const registry = new Registry()
  registry.counter('requests_total', 'Requests.\nAll \\ of them.', { path: 'C:\\"a"\n', code: '200' }).add()
  registry.counter('requests_total', '', { path: 'C:\\"a"\n', code: '200' }).add(2)
  registry.gauge('heat', 'How hot.').value = Number.NaN
  const seconds = registry.histogram('seconds', 'Time.', [0.1, 1], { model: 'm' })
  for (const value of [0.05, 0.1, 0.5, 7, -3]) seconds.observe(value)
  registry.histogram('plain', 'No labels.', [1]).observe(2)
  return registry
}

const HEAD = `# HELP requests_total Requests.\\nAll \\\\ of them.
# TYPE requests_total counter
`

test('text: escapes, buckets that sum up, sums and counts', () => {
  assert.is(
    filled().text(),
    `${HEAD}requests_total{path="C:\\\\\\"a\\"\\n",code="200"} 3
# HELP heat How hot.
# TYPE heat gauge
heat NaN
# HELP seconds Time.
# TYPE seconds histogram
seconds_bucket{model="m",le="0.1"} 3
seconds_bucket{model="m",le="1"} 4
seconds_bucket{model="m",le="+Inf"} 5
seconds_sum{model="m"} 4.65
seconds_count{model="m"} 5
# HELP plain No labels.
# TYPE plain histogram
plain_bucket{le="1"} 0
plain_bucket{le="+Inf"} 1
plain_sum 2
plain_count 1
`,
  )
})

test('other processes: counters and histograms are added, gauges are not; what is set when asked; what is forgotten', () => {
  const registry = filled()
  const heat = registry.gauge('heat', '')
  registry.onCollect(() => {
    heat.value = 5
  })
  const text = registry.text([JSON.parse(JSON.stringify(filled().snapshot())), { requests_total: { 'path="b"': [9] } }])
  assert.match(text, /code="200"\} 6\nrequests_total\{path="b"\} 9\n/)
  assert.match(text, /\nheat 5\n/)
  assert.match(text, /le="\+Inf"\} 10\nseconds_sum\{model="m"\} 9.3\nseconds_count\{model="m"\} 10\n/)
  registry.forget({ model: 'm' })
  assert.not.match(registry.text(), /seconds/)
  registry.forget({}, 'plain')
  assert.not.match(registry.text(), /plain/)
})

test('about which value a fraction does not exceed', () => {
  const registry = new Registry()
  const histogram = registry.histogram('h', '', [1, 2, 4])
  const quantile = (fraction: number, others: never[] = []) =>
    quantileOf([1, 2, 4], registry.numbers('h', {}, others), fraction)
  assert.ok(Number.isNaN(quantile(0.5)))
  for (const value of [0.5, 1.5, 1.5, 3]) histogram.observe(value)
  assert.equal(
    [0.25, 0.5, 0.75, 1].map((fraction) => quantile(fraction)),
    [1, 1.5, 2, 4],
  )
  histogram.observe(100)
  assert.is(quantile(1), 4, 'no more than the last end is known')
  assert.equal(registry.numbers('h', {}, [registry.snapshot(), {}]), [2, 4, 2, 2, 213])
})

test.run()
