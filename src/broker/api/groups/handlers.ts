import type { HandlersFor } from '../../net/handler.ts'
import { deleteGroupsHandler, describeGroupsHandler, listGroupsHandler } from './admin.ts'
import { findCoordinatorHandler } from './find-coordinator.ts'
import { heartbeatHandler, joinGroupHandler, leaveGroupHandler, syncGroupHandler } from './membership.ts'
import { offsetCommitHandler } from './offset-commit.ts'
import { offsetDeleteHandler } from './offset-delete.ts'
import { offsetFetchHandler } from './offset-fetch.ts'
import { type OtherKindsApi, otherKindsHandlers } from './other-kinds.ts'
import type { GroupApiPorts } from './ports.ts'

/** The APIs of this folder. */
export type GroupApiName =
  | 'FindCoordinator'
  | 'JoinGroup'
  | 'SyncGroup'
  | 'Heartbeat'
  | 'LeaveGroup'
  | 'OffsetCommit'
  | 'OffsetFetch'
  | 'OffsetDelete'
  | 'ListGroups'
  | 'DescribeGroups'
  | 'DeleteGroups'
  | OtherKindsApi

/** The handlers of groups and their offsets. */
export function groupHandlers(ports: GroupApiPorts): HandlersFor<GroupApiName> {
  return {
    FindCoordinator: findCoordinatorHandler(ports),
    JoinGroup: joinGroupHandler(ports),
    SyncGroup: syncGroupHandler(ports),
    Heartbeat: heartbeatHandler(ports),
    LeaveGroup: leaveGroupHandler(ports),
    OffsetCommit: offsetCommitHandler(ports),
    OffsetFetch: offsetFetchHandler(ports),
    OffsetDelete: offsetDeleteHandler(ports),
    ListGroups: listGroupsHandler(ports),
    DescribeGroups: describeGroupsHandler(ports),
    DeleteGroups: deleteGroupsHandler(ports),
    ...otherKindsHandlers,
  }
}
