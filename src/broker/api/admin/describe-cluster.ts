import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  defaultDescribeClusterResponse,
  defaultDescribeClusterResponseBroker,
} from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { CLUSTER_OPERATIONS, NOT_ASKED } from './authorized-operations.ts'
import { reachableBrokers } from './cluster-view.ts'
import type { AdminPorts } from './ports.ts'

/** KIP-919: what kind of endpoint the client believes it is talking to. */
const ENDPOINT = { broker: 1, controller: 2 } as const

/** Who makes up the cluster. Brokers take admin calls themselves, so the controller is this broker (C3). */
export function describeClusterHandler(ports: AdminPorts): Handler<'DescribeCluster'> {
  return (request, context) => {
    const response = defaultDescribeClusterResponse()
    if (request.endpointType === ENDPOINT.controller)
      return {
        ...response,
        errorCode: ERROR_CODES.MISMATCHED_ENDPOINT_TYPE,
        errorMessage: 'This endpoint is a broker, the request is for a controller',
      }
    if (request.endpointType !== ENDPOINT.broker)
      return {
        ...response,
        errorCode: ERROR_CODES.UNSUPPORTED_ENDPOINT_TYPE,
        errorMessage: `There is no endpoint type ${request.endpointType}`,
      }
    return {
      ...response,
      clusterId: ports.metadata.image.clusterId,
      controllerId: ports.metadata.image.nodeId,
      brokers: reachableBrokers(ports, context.connection).map(({ nodeId, host, port, rack }) => ({
        ...defaultDescribeClusterResponseBroker(),
        brokerId: nodeId,
        host,
        port,
        rack,
      })),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
        ? CLUSTER_OPERATIONS
        : NOT_ASKED,
    }
  }
}
