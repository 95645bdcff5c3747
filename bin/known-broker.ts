import type { Cluster } from '../src/client/cluster.ts'
import { CliError, EXIT_NOT_FOUND } from './exit-code.ts'

/** Throws CliError where the cluster has no broker of that id: nothing is gained by waiting for it. */
export function checkBroker({ nodeIds }: Cluster, id: number): void {
  if (!nodeIds.includes(id))
    throw new CliError(`there is no broker ${id}: the cluster has ${nodeIds.join(', ')}`, EXIT_NOT_FOUND)
}
