/** The page of a report. */
import { createHash } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { page } from '../../../toolkit/report/page.ts'
import { facts, figures, missing, table } from '../../../toolkit/report/pieces.ts'
import { examples } from '../plots/examples.ts'

const test = suite('report page')

const drawn = Object.entries(examples()).map(([name, figure]) => ({ name, figure, caption: name }))
const NASTY = '<script>alert("1")</script> 质量'

const html = page({
  title: NASTY,
  lead: 'A drone and its teacher.',
  sections: [
    {
      id: 'card',
      title: NASTY,
      sentence: 'What it is.',
      content: [
        facts([
          ['parameters', 81],
          [NASTY, NASTY],
          ['version', undefined],
        ]),
        table(
          NASTY,
          ['input', 'least'],
          [
            [NASTY, 1.23456e-7],
            ['b', undefined],
          ],
        ),
      ],
    },
    {
      id: 'figures',
      title: 'Figures',
      sentence: 'What it does.',
      content: [figures(drawn), missing('The ROC curve', 'give events with labels: --label COLUMN')],
    },
  ],
  colophon: 'Made by nndrone.',
})

test('no script, no request, no style of an element: the policy allows the one style alone', () => {
  assert.not.match(html, /<script|<link|<img|<iframe|\son\w+=|\sstyle=|url\(|@import/i)
  assert.equal(
    [...html.matchAll(/https?:[^"]*/g)].map(String).filter((url) => url !== 'http://www.w3.org/2000/svg'),
    [],
  )
  const styles = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)]
  assert.is(styles.length, 1)
  const hash = createHash('sha256').update(styles[0]![1]!).digest('base64')
  assert.ok(html.includes(`content="default-src 'none'; style-src 'sha256-${hash}'"`))
})

test('ids are unique, and every reference has its element', () => {
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]!)
  assert.is(new Set(ids).size, ids.length)
  const references = [...html.matchAll(/(?:aria-labelledby="|href="#)([^"]*)"/g)].flatMap((match) =>
    match[1]!.split(' '),
  )
  assert.ok(references.length > 20)
  for (const id of references) assert.ok(ids.includes(id), id)
})

test('values stand as people write them; what is not known is left out', () => {
  assert.ok(html.includes('<dt>parameters</dt><dd>81</dd>'))
  assert.ok(html.includes('<td class="number">1.235×10⁻⁷</td>'))
  assert.ok(html.includes('<tr><th scope="row">b</th><td></td></tr>'))
  assert.not.match(html, /version|undefined|NaN/)
  assert.ok(
    html.includes('The ROC curve is left out; to see it, give events with labels: <code>--label COLUMN</code>.'),
  )
  assert.ok(html.includes('<h2 id="card">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; 质量</h2>'))
})

test('a page of every figure is small', () => {
  assert.ok(html.length < 150_000, `${html.length} bytes`)
})

test.run()
