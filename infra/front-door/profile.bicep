// The one address of a server in two regions. Made before the apps, which let nobody else in.

@description('The name of the profile.')
param name string

@description('The name of the endpoint, the first part of its host name.')
param endpointName string

@description('The tags of the deployment.')
param tags object

@description('The workspace that diagnostics go to: its resource id.')
param workspaceId string

resource profile 'Microsoft.Cdn/profiles@2025-06-01' = {
  name: name
  location: 'global'
  tags: tags
  sku: {
    name: 'Standard_AzureFrontDoor'
  }
  properties: {
    // Streams say something every 15 seconds; this is the longest silence that Front Door allows.
    originResponseTimeoutSeconds: 240
  }

  resource endpoint 'afdEndpoints' = {
    name: endpointName
    location: 'global'
    tags: tags
    properties: {
      enabledState: 'Enabled'
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: profile
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'FrontDoorAccessLog'
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

@description('The host name of the endpoint.')
output hostName string = profile::endpoint.properties.hostName
