// The key vault with the key that encrypts the server's key ring. The vault contains no secrets. The key never leaves it.

@description('The name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('The name of the key.')
param keyName string

@description('The region of the vault.')
param location string

@description('The tags of the deployment.')
param tags object

@description('Whether to recover the vault that an earlier deployment with the same name left after its deletion.')
param recover bool

@description('Whether the vault is reachable only through private endpoints.')
param private bool

@description('The object id of the app\'s identity.')
param principalId string

@description('The resource id of the workspace that receives the diagnostics.')
param workspaceId string

var cryptoServiceEncryptionUser = 'e147488a-f6f5-4113-8e2d-b22465e65bf6'

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    createMode: recover ? 'recover' : 'default'
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    // Without the key, everyone must sign in again. Nobody can delete it for good before this time.
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: private ? 'Deny' : 'Allow'
    }
  }

  // A deployment creates the key only if it does not exist. It never creates a new version.
  resource key 'keys' = {
    name: keyName
    tags: tags
    properties: {
      kty: 'RSA'
      keySize: 3072
      keyOps: ['wrapKey', 'unwrapKey']
      attributes: {
        enabled: true
        exportable: false
      }
      // Each key of the ring remembers its version. Older versions stay enabled, and still decrypt.
      rotationPolicy: {
        lifetimeActions: [
          {
            action: {
              type: 'rotate'
            }
            trigger: {
              timeAfterCreate: 'P1Y'
            }
          }
        ]
      }
    }
  }
}

resource wrapsKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault::key
  name: guid(vault::key.id, principalId, cryptoServiceEncryptionUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', cryptoServiceEncryptionUser)
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    // Who used or changed the key. An instance uses it when it starts.
    logs: [
      {
        category: 'AuditEvent'
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
