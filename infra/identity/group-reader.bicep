// Lets the Azure tools, if they are enabled, read this deployment's resources and logs with the app's own identity.

@description('The object id of the app\'s identity.')
param principalId string

@description('The workspace whose logs the tools may query.')
param workspaceName string

@description('Whether the tools may read the resources of this group. Not needed if they may read the subscription.')
param readGroup bool

var reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
var logAnalyticsReader = '73c42c96-874c-492b-b04d-ab87d138a893'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource readsLogs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: workspace
  name: guid(workspace.id, principalId, logAnalyticsReader)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', logAnalyticsReader)
  }
}

resource readsGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (readGroup) {
  name: guid(resourceGroup().id, principalId, reader)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', reader)
  }
}
