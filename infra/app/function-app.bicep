// The Functions app on Flex Consumption. Every connection is by the managed identity; there is no key to set.
import { scale, shared } from 'types.bicep'

@description('The name of the app, and of its plan.')
param name string

@description('The region of the app.')
param location string

@description('The tags of the deployment.')
param tags object

@description('The service in azure.yaml whose code runs here: azd finds the app by this tag.')
param serviceName string

@description('What the app uses of the first resource group.')
param sharedResources shared

@description('How the app scales.')
param scaling scale

@description('The app settings of the server: who may call, and where it is.')
param settings object

@description('The storage account of the Functions host.')
param hostAccountName string

@description('The subnet that the app goes out through; empty: none.')
param subnetId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: sharedResources.identityName
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
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    #disable-next-line BCP037 // The platform has it; the published types lag behind.
    siteScopedCertificatesEnabled: true // Can be chosen only now, and a domain that comes later needs it.
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    #disable-next-line BCP037 // siteUpdateStrategy: the platform has it; the published types lag behind.
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
            userAssignedIdentityResourceId: identity.id
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
      // A preview. Without it the platform replaces all instances at once, and a region that does not know it is not asked for it.
      ...(scaling.rollingUpdates ? { siteUpdateStrategy: { type: 'RollingUpdate' } } : {})
    }
    siteConfig: {
      // No ftpsState: Flex Consumption has no FTP, and refuses the property.
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
      // The server's own identity too, for state and tools.
      AZURE_CLIENT_ID: identity.properties.clientId
      // The root is the server's own page.
      AzureWebJobsDisableHomepage: 'true'
      AzureWebJobsStorage__accountName: hostAccountName
      AzureWebJobsStorage__clientId: identity.properties.clientId
      AzureWebJobsStorage__credential: 'managedidentity'
      RemoteMcp__Storage__TableEndpoint: 'https://${sharedResources.dataAccountName}.table.${environment().suffixes.storage}'
    })
  }

  // No user name and password for deployments, by neither way.
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
    // Why the host did not start, also where Application Insights was never reached.
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

@description('What a domain\'s asuid record proves.')
output domainVerificationId string = app.properties.customDomainVerificationId
