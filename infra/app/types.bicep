// The parameter types that the modules of the app share.

@export()
@description('The size of the instances, their number, and how they are replaced.')
@sealed()
type scale = {
  @description('The memory of an instance in MB.')
  instanceMemoryMB: 512 | 2048 | 4096

  @description('The maximum number of instances in a region.')
  @minValue(1)
  @maxValue(1000)
  maximumInstances: int

  @description('The number of instances in a region that are always running.')
  @minValue(0)
  @maxValue(1000)
  alwaysReady: int

  @description('The number of concurrent requests and open streams of an instance, before the platform starts another one.')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int

  @description('Whether the instances are distributed over the availability zones of the region.')
  zoneRedundant: bool

  @description('Whether instances are replaced one after the other. Otherwise all are replaced at the same time.')
  rollingUpdates: bool
}

@export()
@description('The resources of the deployment\'s first resource group that a region uses.')
@sealed()
type shared = {
  @description('The resource group.')
  group: string

  @description('The app\'s managed identity.')
  identityName: string

  @description('The managed identity with which the platform stores and reads the deployed package.')
  deploymentIdentityName: string

  @description('The storage account for state and files.')
  dataAccountName: string

  @description('The key vault.')
  vaultName: string

  @description('The Log Analytics workspace.')
  workspaceName: string

  @description('The Application Insights component.')
  insightsName: string
}
