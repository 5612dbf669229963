// Answers a client's DNS query with the first region, or with the second region while the first is unreachable. Requests and streams go
// to the app directly.

@description('The name of the profile.')
param name string

@description('The first label of the profile\'s DNS name, NAME.trafficmanager.net.')
param dnsName string

@description('The tags of the deployment.')
param tags object

@description('The resource id of the workspace that receives the diagnostics.')
param workspaceId string

@description('The host names of the apps. The first one belongs to the first region.')
@minLength(2)
@maxLength(2)
param hostNames string[]

resource profile 'Microsoft.Network/trafficmanagerprofiles@2022-04-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    profileStatus: 'Enabled'
    trafficRoutingMethod: 'Priority'
    dnsConfig: {
      relativeName: dnsName
      ttl: 60
    }
    // A TCP connection instead of a request: Flex Consumption bills at least one second for each request, and each location probes
    // every 30 seconds. The probe detects an unreachable region, but not an app that fails.
    monitorConfig: {
      protocol: 'TCP'
      port: 443
      intervalInSeconds: 30
      timeoutInSeconds: 10
      toleratedNumberOfFailures: 3
    }
    // External endpoints: Azure endpoints of apps need a plan that is Standard or higher.
    endpoints: [
      for (hostName, i) in hostNames: {
        name: 'region-${i + 1}'
        type: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints'
        properties: {
          target: hostName
          priority: i + 1
          endpointStatus: 'Enabled'
        }
      }
    ]
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: profile
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    // When a region became unreachable, and when it was reachable again.
    logs: [
      {
        category: 'ProbeHealthStatusEvents'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('The DNS name for the domain\'s CNAME record.')
output hostName string = profile.properties.dnsConfig.fqdn
