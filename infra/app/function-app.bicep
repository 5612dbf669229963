// The Functions app on Flex Consumption. Every connection uses the managed identity, so there is no key to set.
import { scale, shared } from 'types.bicep'

@description('The name of the app. The name of its plan contains it.')
param name string

@description('The region of the app.')
param location string

@description('The tags of the deployment.')
param tags object

@description('The service in azure.yaml whose code runs in the app. azd finds the app by this tag.')
param serviceName string

@description('The resources of the first resource group that the app uses.')
param sharedResources shared

@description('How the app scales.')
param scaling scale

@description('The app settings of the server: its sign-in settings and its URL.')
param settings object

@description('The storage account of the Functions host.')
param hostAccountName string

@description('The subnet for outbound connections of the app. If empty, the app uses no subnet.')
param subnetId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: sharedResources.identityName
  scope: resourceGroup(sharedResources.group)
}

resource deploymentIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: sharedResources.deploymentIdentityName
  scope: resourceGroup(sharedResources.group)
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: sharedResources.insightsName
  scope: resourceGroup(sharedResources.group)
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: sharedResources.workspaceName
  scope: resourceGroup(sharedResources.group)
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: scaling.zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
      '${deploymentIdentity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    #disable-next-line BCP037 // The platform has this property. The published types do not have it yet.
    siteScopedCertificatesEnabled: true // Can be set only when the app is created. A domain that is added later needs it.
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    #disable-next-line BCP037 // The platform has siteUpdateStrategy. The published types do not have it yet.
    functionAppConfig: {
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${hostAccountName}.blob.${environment().suffixes.storage}/deployments'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: deploymentIdentity.id
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: scaling.instanceMemoryMB
        maximumInstanceCount: scaling.maximumInstances
        alwaysReady: scaling.alwaysReady == 0 ? [] : [{ name: 'http', instanceCount: scaling.alwaysReady }]
        triggers: {
          http: {
            perInstanceConcurrency: scaling.httpConcurrency
          }
        }
      }
      // A preview feature. Without it, the platform replaces all instances at the same time. The property is omitted by default, because
      // a region may not support it.
      ...(scaling.rollingUpdates ? { siteUpdateStrategy: { type: 'RollingUpdate' } } : {})
    }
    siteConfig: {
      // Do not set ftpsState: Flex Consumption has no FTP and rejects the property.
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      remoteDebuggingEnabled: false
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, {
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      // The server uses the same identity, for state, keys, and tools.
      AZURE_CLIENT_ID: identity.properties.clientId
      // The server has its own page at the root.
      AzureWebJobsDisableHomepage: 'true'
      AzureWebJobsStorage__accountName: hostAccountName
      AzureWebJobsStorage__clientId: identity.properties.clientId
      AzureWebJobsStorage__credential: 'managedidentity'
      RemoteMcp__Storage__TableEndpoint: 'https://${sharedResources.dataAccountName}.table.${environment().suffixes.storage}'
    })
  }

  // Deployments cannot use a user name and password, neither through FTP nor through SCM.
  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'to-workspace'
  properties: {
    workspaceId: workspace.id
    // The reason why the host did not start, even if it never reached Application Insights.
    logs: [
      {
        category: 'FunctionAppLogs'
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

@description('The host name of the app.')
output hostName string = app.properties.defaultHostName

@description('The value of the asuid record that proves a domain.')
output domainVerificationId string = app.properties.customDomainVerificationId
