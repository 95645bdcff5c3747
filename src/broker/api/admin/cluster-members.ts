import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { HandlersFor } from '../../net/handler.ts'
import { quoted } from '../quoted.ts'
import type { AdminPorts } from './ports.ts'

/** The APIs that take brokers and voters in and out (KIP-500, KIP-853). */
export type ClusterMemberApi = 'UnregisterBroker' | 'AddRaftVoter' | 'RemoveRaftVoter'

/** This broker is alone and stays: there is none to take away, and no voter to come or go. */
export function clusterMemberHandlers({ metadata }: AdminPorts): HandlersFor<ClusterMemberApi> {
  const { image } = metadata
  /** Kafka 4.3 whose voters are fixed by its configuration (kraft.version 0) answers the same. */
  const voters = ({ clusterId }: { readonly clusterId: string | null }) => {
    if (clusterId !== null && clusterId !== image.clusterId)
      return answer(
        ERROR_CODES.INCONSISTENT_CLUSTER_ID,
        `This is the cluster ${image.clusterId}, the request is for ${quoted(clusterId)}`,
      )
    return answer(ERROR_CODES.UNSUPPORTED_VERSION, 'The voters of this cluster do not change')
  }
  return {
    UnregisterBroker: ({ brokerId }) =>
      brokerId === image.nodeId
        ? answer(ERROR_CODES.INVALID_REQUEST, `Broker ${brokerId} is this one, and runs`)
        : answer(ERROR_CODES.BROKER_ID_NOT_REGISTERED, `There is no broker ${brokerId}`),
    AddRaftVoter: voters,
    RemoveRaftVoter: voters,
  }
}

function answer(errorCode: number, errorMessage: string) {
  return { throttleTimeMs: 0, errorCode, errorMessage }
}
