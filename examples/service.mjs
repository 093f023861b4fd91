// service.mjs
import { readFileSync } from 'node:fs'
import { service } from 'nndrone-toolkit/service'

const { fetch } = await service({ drones: { best: readFileSync('nndrone-demo/best.json') } })

const answer = await fetch(new Request('http://localhost/v2/models/best'))
console.log((await answer.json()).parameters.inputs.join(', '))

export default { fetch }
