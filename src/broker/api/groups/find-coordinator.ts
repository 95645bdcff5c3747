import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES, errorMessage } from '../../../protocol/error-codes.ts'
import { defaultFindCoordinatorResponse } from '../../../protocol/generated/index.ts'
import type { ConnectionInfo, Handler } from '../../net/handler.ts'
import { mapInTurns } from '../in-turns.ts'
import type { CoordinatorEndpoint, CoordinatorLocator, GroupApiPorts } from './ports.ts'

const KEY_TYPE_GROUP = 0
const KEY_TYPE_TRANSACTION = 1

/** From here on several keys are asked for at once (KIP-699). */
const BATCH_VERSION_MIN = 4

const NOWHERE: CoordinatorEndpoint = { nodeId: -1, host: '', port: -1 }

interface Found extends CoordinatorEndpoint {
  readonly errorCode: number
}

/**
 * F12: the first question makes the coordinator's topic and waits for it, so that a cold start is quiet; where that
 * takes longer than a second the client is told to ask again.
 */
export function findCoordinatorHandler(
  ports: Pick<GroupApiPorts, 'groupLocator' | 'transactionLocator' | 'environment'>,
): Handler<'FindCoordinator'> {
  return async (request, { apiVersion, connection }) => {
    const locator = locatorOf(request.keyType, ports)
    const isThere = locator === null || (await locator.ensureTopic())
    const find = (key: string) => findOne(locator, isThere, key, connection)
    const response = defaultFindCoordinatorResponse()
    if (apiVersion < BATCH_VERSION_MIN) {
      const found = find(request.key)
      const isFound = found.errorCode === ERROR_CODES.NONE
      return { ...response, ...found, errorMessage: isFound ? 'NONE' : errorMessage(found.errorCode) }
    }
    const turn = new Turn(ports.environment)
    const coordinators = await mapInTurns(turn, request.coordinatorKeys, (key) => {
      const found = find(key)
      const isFound = found.errorCode === ERROR_CODES.NONE
      return { ...found, key, errorMessage: isFound ? '' : errorMessage(found.errorCode) }
    })
    return { ...response, coordinators }
  }
}

function locatorOf(
  keyType: number,
  ports: Pick<GroupApiPorts, 'groupLocator' | 'transactionLocator'>,
): CoordinatorLocator | null {
  if (keyType === KEY_TYPE_GROUP) return ports.groupLocator
  return keyType === KEY_TYPE_TRANSACTION ? ports.transactionLocator : null
}

function findOne(
  locator: CoordinatorLocator | null,
  isThere: boolean,
  key: string,
  connection: ConnectionInfo,
): Found {
  if (locator === null) return { ...NOWHERE, errorCode: ERROR_CODES.INVALID_REQUEST }
  const partition = isThere ? locator.partitionFor(key) : null
  const endpoint = partition === null ? null : locator.leaderOf(partition, connection)
  if (endpoint === null) return { ...NOWHERE, errorCode: ERROR_CODES.COORDINATOR_NOT_AVAILABLE }
  return { ...endpoint, errorCode: ERROR_CODES.NONE }
}
