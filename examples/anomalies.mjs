// anomalies.mjs
import { compare, openDrone, openEvents, openModel, readReconstruction, reconstructing } from 'nndrone-toolkit'

const autoencoder = await openModel('nndrone-anomalies/autoencoder.h5')
const teacher = reconstructing(autoencoder, readReconstruction('log(reconstruction)'))
const drone = await openDrone('nndrone-anomalies/drone.json')
const events = await openEvents('nndrone-anomalies/test.csv')
const { cut, cutOfTeacher } = await compare({ drone, teacher, events, label: 'label', rejection: 0.99 })
console.log(`kept by the teacher ${cutOfTeacher.efficiency}, by the drone ${cut.efficiency}`)
