// A private endpoint from a network to one service of a storage account, or to a key vault.
import { zoneOf } from 'zones.bicep'

@description('The name of the endpoint.')
param name string

@description('The region of the network.')
param location string

@description('The tags of the deployment.')
param tags object

@description('The name of the network.')
param networkName string

@description('The resource id of the storage account or key vault.')
param resourceId string

@description('The service of the resource.')
@allowed(['blob', 'table', 'vault'])
param service string

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' existing = {
  name: networkName

  resource subnet 'subnets' existing = {
    name: 'private-endpoints'
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: zoneOf(service)
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: network::subnet.id
    }
    privateLinkServiceConnections: [
      {
        name: service
        properties: {
          privateLinkServiceId: resourceId
          groupIds: [service]
        }
      }
    ]
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: service
          properties: {
            privateDnsZoneId: zone.id
          }
        }
      ]
    }
  }
}
