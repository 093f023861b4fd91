// jets.mjs
import { readFileSync } from 'node:fs'
import { atEfficiency, auc, Drone } from 'nndrone'

const [header, ...lines] = readFileSync('nndrone-jets/test.csv', 'utf8').trimEnd().split('\n')
const rows = lines.map((line) => line.split(',').map(Number))
const labels = rows.map((row) => row.at(-1)) // 1 of a quark, 0 of a gluon
const drone = await Drone.load(readFileSync('nndrone-jets/best.json'))
const features = header.split(',').slice(0, -1)
const columns = Object.fromEntries(features.map((name, i) => [name, rows.map((row) => row[i])]))
columns['the drone'] = [...drone.predictBatch(new Float64Array(rows.flatMap((row) => row.slice(0, -1))))]

for (const [name, column] of Object.entries(columns)) {
  const scores = auc(column, labels) < 0.5 ? column.map((value) => -value) : column // quarks have the larger ones
  const [area, { rejection }] = [auc(scores, labels), atEfficiency(scores, labels, 0.5)]
  console.log(`${name}: AUC ${area.toFixed(3)}, ${(100 * rejection).toFixed(1)} % of the gluons rejected`)
}
