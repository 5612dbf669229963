// Which region a client's DNS query is answered with: the first, and the second while the first cannot be reached. Requests and streams
// go to the app directly.

@description('The name of the profile.')
param name string

@description('The first label of the profile\'s DNS name, NAME.trafficmanager.net.')
param dnsName string

@description('The tags of the deployment.')
param tags object

@description('The workspace that diagnostics go to: its resource id.')
param workspaceId string

@description('The host names of the apps, the first region\'s first.')
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
    // A TCP connection, no request: Flex Consumption bills each request for a second at least, and the probes of all locations come
    // every 30 seconds. It finds a region that cannot be reached, and not an app that fails.
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
    // When a region was left, and when it came back.
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

@description('The DNS name that the domain\'s CNAME record points to.')
output hostName string = profile.properties.dnsConfig.fqdn
