// What the modules of the app are told, in one word each.

@export()
@description('How large an instance is, how many there are, and how they are replaced.')
@sealed()
type scale = {
  @description('The memory of an instance in MB.')
  instanceMemoryMB: 512 | 2048 | 4096

  @description('The most instances of a region.')
  @minValue(1)
  @maxValue(1000)
  maximumInstances: int

  @description('The instances of a region that are kept running.')
  @minValue(0)
  @maxValue(1000)
  alwaysReady: int

  @description('The requests and open streams that an instance serves before another one is started.')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int

  @description('Whether instances are spread over the zones of the region.')
  zoneRedundant: bool

  @description('Whether instances are replaced one after the other, or all at once.')
  rollingUpdates: bool
}

@export()
@description('What a region uses of the deployment\'s first resource group.')
@sealed()
type shared = {
  @description('The resource group.')
  group: string

  @description('The app\'s managed identity.')
  identityName: string

  @description('The storage account of state and files.')
  dataAccountName: string

  @description('The Log Analytics workspace.')
  workspaceName: string

  @description('The Application Insights component.')
  insightsName: string
}
