/** `nndrone/swarm`: many drones score one event in one call. */
export {
  type Member,
  Swarm,
  type SwarmEngineName,
  type SwarmEngineOptions,
  type SwarmJSON,
  type SwarmOptions,
  type SwarmRunner,
} from './swarm/swarm.ts'
