// The identity with which the app reaches everything: storage, monitoring, Azure, and Entra on behalf of callers.

@description('The name of the identity.')
param name string

@description('Where it is kept. It works in every region.')
param location string

@description('The tags of the deployment.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('The id of the identity as a client.')
output clientId string = identity.properties.clientId

@description('The object id of the identity: the subject of a federated credential.')
output principalId string = identity.properties.principalId
