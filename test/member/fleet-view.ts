// As much of the fleet view as the members' tests look at.
export interface FleetRollup {
  fleets: { name: string; clusters: { identity: string; shards: { shard_id: string }[] }[] }[];
}
