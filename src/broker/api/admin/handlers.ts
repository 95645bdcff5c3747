import type { HandlersFor } from '../../net/handler.ts'
import { alterConfigsHandler, incrementalAlterConfigsHandler } from './alter-configs.ts'
import { alterReplicaLogDirsHandler } from './alter-replica-log-dirs.ts'
import { apiVersionsHandler } from './api-versions.ts'
import { type ClientQuotaApi, clientQuotaHandlers } from './client-quotas.ts'
import { type ClusterMemberApi, clusterMemberHandlers } from './cluster-members.ts'
import { createPartitionsHandler } from './create-partitions.ts'
import { createTopicsHandler } from './create-topics.ts'
import { deleteTopicsHandler } from './delete-topics.ts'
import { describeClusterHandler } from './describe-cluster.ts'
import { describeConfigsHandler } from './describe-configs.ts'
import { describeLogDirsHandler } from './describe-log-dirs.ts'
import { describeQuorumHandler } from './describe-quorum.ts'
import { describeTopicPartitionsHandler } from './describe-topic-partitions.ts'
import { electLeadersHandler } from './elect-leaders.ts'
import { listConfigResourcesHandler } from './list-config-resources.ts'
import { metadataHandler } from './metadata.ts'
import {
  alterPartitionReassignmentsHandler,
  listPartitionReassignmentsHandler,
} from './partition-reassignments.ts'
import type { AdminPorts } from './ports.ts'
import { updateFeaturesHandler } from './update-features.ts'

/** The APIs that this folder serves. */
export type AdminApi =
  | 'ApiVersions'
  | 'Metadata'
  | 'DescribeCluster'
  | 'DescribeTopicPartitions'
  | 'CreateTopics'
  | 'DeleteTopics'
  | 'CreatePartitions'
  | 'DescribeConfigs'
  | 'AlterConfigs'
  | 'IncrementalAlterConfigs'
  | 'ListConfigResources'
  | 'DescribeLogDirs'
  | 'ElectLeaders'
  | 'AlterPartitionReassignments'
  | 'ListPartitionReassignments'
  | 'DescribeQuorum'
  | 'UpdateFeatures'
  | 'AlterReplicaLogDirs'
  | ClientQuotaApi
  | ClusterMemberApi

/** The handlers of this folder. They share nothing but the ports. */
export function createAdminHandlers(ports: AdminPorts): HandlersFor<AdminApi> {
  return {
    ApiVersions: apiVersionsHandler(ports),
    Metadata: metadataHandler(ports),
    DescribeCluster: describeClusterHandler(ports),
    DescribeTopicPartitions: describeTopicPartitionsHandler(ports),
    CreateTopics: createTopicsHandler(ports),
    DeleteTopics: deleteTopicsHandler(ports),
    CreatePartitions: createPartitionsHandler(ports),
    DescribeConfigs: describeConfigsHandler(ports),
    AlterConfigs: alterConfigsHandler(ports),
    IncrementalAlterConfigs: incrementalAlterConfigsHandler(ports),
    ListConfigResources: listConfigResourcesHandler(ports),
    DescribeLogDirs: describeLogDirsHandler(ports),
    ElectLeaders: electLeadersHandler(ports),
    AlterPartitionReassignments: alterPartitionReassignmentsHandler(ports),
    ListPartitionReassignments: listPartitionReassignmentsHandler(),
    DescribeQuorum: describeQuorumHandler(ports),
    UpdateFeatures: updateFeaturesHandler(ports),
    AlterReplicaLogDirs: alterReplicaLogDirsHandler(ports),
    ...clientQuotaHandlers,
    ...clusterMemberHandlers(ports),
  }
}
