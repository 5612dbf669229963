// A user-assigned managed identity. The app uses one for storage, monitoring, Azure, and requests to Entra on behalf of callers. The platform
// uses another one for the deployed package.

@description('The name of the identity.')
param name string

@description('The region where the identity is stored. It works in every region.')
param location string

@description('The tags of the deployment.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('The client id of the identity.')
output clientId string = identity.properties.clientId

@description('The object id of the identity: the subject of a federated credential.')
output principalId string = identity.properties.principalId
