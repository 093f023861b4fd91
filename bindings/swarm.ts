/** `nndrone/swarm`: many drones score one event in one call. */
export type { Member, SwarmEngineName, SwarmRunner } from './swarm/api.ts'
export type { SwarmEngineOptions } from './swarm/runner.ts'
export { Swarm, type SwarmJSON, type SwarmOptions } from './swarm/swarm.ts'
