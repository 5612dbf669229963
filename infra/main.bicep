// The whole deployment. `azd up` asks for a subscription, a region, and a name. Every other parameter has a secure and cheap default. Its
// description contains the name for `azd env set`, which main.bicepparam reads. See docs/deploy.md.
targetScope = 'subscription'

import { flexRegion } from 'app/regions.bicep'

@description('The name of the environment. The name of the resource group contains it. azd env set AZURE_ENV_NAME')
@minLength(1)
@maxLength(64)
param environmentName string

@description('The region, which must offer Flex Consumption. azd env set AZURE_LOCATION')
@minLength(1)
@maxLength(64)
param location string

@description('The memory of an instance in MB. azd env set MCP_INSTANCE_MEMORY')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The maximum number of instances in a region, 1 to 1000. azd env set MCP_MAX_INSTANCES')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('The number of instances in a region that are always running, to avoid cold starts, 0 to 1000. azd env set MCP_ALWAYS_READY')
@minValue(0)
@maxValue(1000)
param alwaysReady int = 0

@description('The maximum number of concurrent requests and open streams of an instance, 1 to 1000. azd env set MCP_HTTP_CONCURRENCY')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 100

@description('Replace instances one after the other instead of all at the same time. A preview feature of Azure. azd env set MCP_ROLLING_UPDATES')
param rollingUpdates bool = false

@description('Distribute instances and storage over the availability zones of the region. azd env set MCP_ZONE_REDUNDANT')
param zoneRedundant bool = false

@description('Make storage and the key vault reachable only through private endpoints. azd env set MCP_PRIVATE_NETWORK')
param privateNetwork bool = false

@description('The address prefix of the private network, a /24 in CIDR notation. azd env set MCP_NETWORK_PREFIX')
@minLength(12)
@maxLength(18)
param networkPrefix string = '10.91.0.0/24'

@description('Recover the deleted key vault of an earlier deployment with the same name. azd env set MCP_RECOVER_VAULT')
param recoverVault bool = false

@description('Your own domain, verified in the tenant, for example tools.contoso.com. azd env set MCP_CUSTOM_DOMAIN')
@maxLength(64)
param customDomain string = ''

@description('The resource id of the Key Vault secret with the domain\'s own certificate. azd env set MCP_CERTIFICATE')
@maxLength(400)
param certificate string = ''

@description('A second region. It requires a domain and a certificate of your own. azd env set MCP_SECOND_LOCATION')
@maxLength(64)
param secondLocation string = ''

@description('The client id of an existing registration. If empty, the template creates one. azd env set MCP_CLIENT_ID')
@maxLength(36)
param clientId string = ''

@description('The identifier URIs of that registration. The first one qualifies the scopes. azd env set MCP_AUDIENCES')
@maxLength(10)
param audiences string[] = []

@description('Where clients sign in: Server, where the URL is enough, or Direct, at Entra ID with a client id for each client. azd env set MCP_SIGN_IN')
@allowed(['Server', 'Direct'])
param signIn string = 'Server'

@description('The hosts and app schemes to which clients may redirect after a sign-in. If empty, the published ones. azd env set MCP_ALLOWED_REDIRECTS')
@maxLength(100)
param allowedRedirects string[] = []

@description('The client ids that may request Mcp.Use without further consent, in addition to VS Code. azd env set MCP_PREAUTHORIZED_CLIENTS')
@maxLength(100)
param preauthorizedClients string[] = []

@description('The client ids that may call with tokens of Entra ID. If empty, every client may call. azd env set MCP_ALLOWED_CLIENTS')
@maxLength(100)
param allowedClients string[] = []

@description('The object ids of the groups whose members may sign in. If empty, the whole tenant may sign in. azd env set MCP_USER_GROUPS')
@maxLength(100)
param userGroups string[] = []

@description('The service or asset that the registration belongs to, in tenants that require it. azd env set MCP_SERVICE_MANAGEMENT_REFERENCE')
@maxLength(1024)
param serviceManagementReference string = ''

@description('Consent for the whole tenant to the sign-in, and to read each user\'s own profile. Requires an administrator. azd env set MCP_CONSENT_TO_PROFILE')
param consentToProfile bool = false

@description('Give the app the role to change the shared files, for tools that you write. Its file tools only read them. azd env set MCP_FILES_WRITABLE')
param filesWritable bool = false

@description('What the Azure tools may read with the app\'s own identity. Every user of the tools sees all of it. azd env set MCP_AZURE_TOOLS')
@allowed(['off', 'resourceGroup', 'subscription'])
param azureTools string = 'off'

@description('The e-mail addresses for alerts and the budget. If empty, the owners of the subscription. azd env set MCP_ALERT_EMAILS')
@maxLength(50)
param alertEmails string[] = []

@description('The maximum size of the logs per day in GB, 1 to 100. azd env set MCP_LOG_CAP_GB')
@minValue(1)
@maxValue(100)
param logCapGB int = 1

@description('The number of days that logs are kept, 30 to 730. azd env set MCP_LOG_DAYS')
@minValue(30)
@maxValue(730)
param logDays int = 30

@description('The monthly budget of each resource group. Azure notifies the owners at 80% of it and when it forecasts 100%. 0 means no budget. azd env set MCP_MONTHLY_BUDGET')
@minValue(0)
@maxValue(1000000)
param monthlyBudget int = 0

@description('The first day of the budget\'s first month, yyyy-MM-01. Required with a budget. azd env set MCP_BUDGET_START')
@maxLength(10)
param budgetStart string = ''

@description('Further app settings as a JSON object, for example {"RemoteMcp__Name":"contoso"}. azd env set MCP_SETTINGS')
param settings object = {}

@description('Further tags as a JSON object. azd env set MCP_TAGS')
param tags object = {}

var token = toLower(uniqueString(subscription().id, environmentName, flexRegion(location, 'AZURE_LOCATION')))
var otherRegion = empty(secondLocation) ? '' : flexRegion(secondLocation, 'MCP_SECOND_LOCATION')
var secondToken = toLower(uniqueString(subscription().id, environmentName, otherRegion))
var allTags = union(tags, { 'azd-env-name': environmentName })
var withDomain = !empty(customDomain)
var firstName = toLower(replace(location, ' ', ''))
var secondName = toLower(replace(secondLocation, ' ', ''))
// Settings that do not work together stop the deployment before it creates anything.
var twoRegions = empty(secondLocation)
  ? false
  : !withDomain || empty(certificate)
      ? fail('MCP_SECOND_LOCATION needs MCP_CUSTOM_DOMAIN and MCP_CERTIFICATE: both regions serve one domain, with one certificate.')
      : secondName == firstName
          ? fail('MCP_SECOND_LOCATION is the same region as AZURE_LOCATION. Choose another region: a region can have a domain only once.')
          : true
var makesRegistration = empty(clientId)
var withBudget = monthlyBudget == 0
  ? false
  : empty(budgetStart) ? fail('MCP_MONTHLY_BUDGET needs MCP_BUDGET_START. Set it to the first day of this month, as yyyy-MM-01.') : true

var appName = 'func-mcp-${token}'
var secondAppName = 'func-mcp-${secondToken}'
var scopeUri = 'api://${tenant().tenantId}/remote-mcp-${token}'
var domainUris = withDomain ? ['https://${customDomain}/mcp'] : []
// The first one qualifies the scopes. For clients that send `resource` to Entra, it must be the URL of the endpoint.
var identifierUris = union(domainUris, makesRegistration ? [scopeUri] : audiences)

// People sign in at the server, which sends them to Entra. The name of the app is known before the app exists, and Azure derives the host
// name from it. Therefore, the registration does not depend on the app.
var signsIn = signIn == 'Server'
var callbackUrls = map(
  union(withDomain ? [customDomain] : [], ['${appName}.azurewebsites.net']),
  host => 'https://${host}/oauth/callback'
)

var sharedResources = {
  group: 'rg-${environmentName}'
  identityName: 'id-mcp-${token}'
  deploymentIdentityName: 'id-deploy-mcp-${token}'
  vaultName: 'kv-mcp-${token}'
  dataAccountName: 'stdata${token}'
  workspaceName: 'log-mcp-${token}'
  insightsName: 'appi-mcp-${token}'
}

var workspaceId = resourceId(subscription().subscriptionId, sharedResources.group, 'Microsoft.OperationalInsights/workspaces', sharedResources.workspaceName)

var filesContainer = 'https://${sharedResources.dataAccountName}.blob.${environment().suffixes.storage}/files'

var keyName = 'key-ring'

var scaling = {
  instanceMemoryMB: instanceMemoryMB
  maximumInstances: maximumInstances
  alwaysReady: alwaysReady
  httpConcurrency: httpConcurrency
  zoneRedundant: zoneRedundant
  rollingUpdates: rollingUpdates
}

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: sharedResources.group
  location: location
  tags: allTags
}

// A separate group, because the names of private DNS zones are the same in both regions.
resource secondGroup 'Microsoft.Resources/resourceGroups@2024-11-01' = if (twoRegions) {
  name: '${sharedResources.group}-2'
  location: twoRegions ? secondLocation : location
  tags: allTags
}

module identity 'identity/managed-identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: sharedResources.identityName
    location: location
    tags: allTags
  }
}

module deploymentIdentity 'identity/managed-identity.bicep' = {
  name: 'deployment-identity'
  scope: group
  params: {
    name: sharedResources.deploymentIdentityName
    location: location
    tags: allTags
  }
}

module registration 'identity/registration.bicep' = if (makesRegistration) {
  name: 'registration'
  scope: group
  dependsOn: [identity]
  params: {
    uniqueName: 'remote-mcp-${token}'
    displayName: 'Remote MCP (${environmentName})'
    identifierUris: identifierUris
    redirectUris: signsIn ? callbackUrls : []
    identityName: sharedResources.identityName
    preauthorizedClients: preauthorizedClients
    userGroups: userGroups
    consentToProfile: consentToProfile
    serviceManagementReference: serviceManagementReference
    owner: deployer().objectId
  }
}

module monitoring 'monitoring/workspace.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: sharedResources.workspaceName
    insightsName: sharedResources.insightsName
    location: location
    tags: allTags
    dailyCapGB: logCapGB
    retentionDays: logDays
    principalId: identity.outputs.principalId
  }
}

module data 'storage/data.bicep' = {
  name: 'data'
  scope: group
  dependsOn: [monitoring]
  params: {
    name: sharedResources.dataAccountName
    location: location
    tags: allTags
    sku: twoRegions ? (zoneRedundant ? 'Standard_GZRS' : 'Standard_GRS') : (zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS')
    private: privateNetwork
    principalId: identity.outputs.principalId
    filesWritable: filesWritable
    workspaceId: workspaceId
  }
}

module keys 'keys/vault.bicep' = {
  name: 'keys'
  scope: group
  dependsOn: [monitoring]
  params: {
    name: sharedResources.vaultName
    keyName: keyName
    location: location
    tags: allTags
    recover: recoverVault
    private: privateNetwork
    principalId: identity.outputs.principalId
    workspaceId: workspaceId
  }
}

var registrationId = makesRegistration ? registration!.outputs.clientId : clientId

var serverSettings = union(
  {
    RemoteMcp__Auth__ClientId: registrationId
    RemoteMcp__Auth__Instance: environment().authentication.loginEndpoint
    RemoteMcp__Auth__Mode: 'Entra'
    RemoteMcp__Auth__TenantId: tenant().tenantId
  },
  toObject(range(0, length(identifierUris)), i => 'RemoteMcp__Auth__Audiences__${i}', i => identifierUris[i]),
  toObject(range(0, length(allowedClients)), i => 'RemoteMcp__Auth__AllowedClients__${i}', i => allowedClients[i]),
  signsIn ? {} : { RemoteMcp__Auth__SignIn: signIn },
  toObject(
    range(0, length(allowedRedirects)),
    i => 'RemoteMcp__AuthorizationServer__AllowedRedirects__${i}',
    i => allowedRedirects[i]
  ),
  withDomain ? { RemoteMcp__PublicUrl: 'https://${customDomain}' } : {},
  {
    // Without a version, so that the server uses the newest one.
    RemoteMcp__DataProtection__KeyVaultKey: 'https://${sharedResources.vaultName}${environment().suffixes.keyvaultDns}/keys/${keyName}'
    RemoteMcp__Files__Container: filesContainer
  },
  azureTools == 'off'
    ? {}
    : {
        RemoteMcp__Azure__Enabled: 'true'
        RemoteMcp__Azure__Identity: 'App'
        RemoteMcp__Azure__WorkspaceId: monitoring.outputs.workspaceCustomerId
      },
  // With the defaults, the bodies of concurrent requests could need more memory than a small instance has.
  instanceMemoryMB == 512
    ? {
        RemoteMcp__Limits__RequestBytes: '16777216'
        RemoteMcp__Limits__RequestBytesPerCaller: '8388608'
      }
    : {},
  settings
)

// The probes of the platform use the app's own host name. Requests to one specific region use it too.
var ownName = withDomain ? { RemoteMcp__Http__AllowedHosts__0: '${appName}.azurewebsites.net' } : {}
var secondOwnName = { RemoteMcp__Http__AllowedHosts__0: '${secondAppName}.azurewebsites.net' }

module region 'app/region.bicep' = {
  name: 'region'
  scope: group
  // The roles must exist first. An app that starts before them fails and retries slowly.
  dependsOn: [data, keys, groupReader, subscriptionReader]
  params: {
    location: location
    tags: allTags
    token: token
    serviceName: 'mcp'
    sharedResources: sharedResources
    principalId: identity.outputs.principalId
    deploymentPrincipalId: deploymentIdentity.outputs.principalId
    scaling: scaling
    settings: union(serverSettings, ownName)
    private: privateNetwork
    addressPrefix: networkPrefix
  }
}

module secondRegion 'app/region.bicep' = if (twoRegions) {
  name: 'second-region'
  scope: secondGroup
  dependsOn: [data, keys, groupReader, subscriptionReader]
  params: {
    location: twoRegions ? secondLocation : location
    tags: allTags
    token: secondToken
    serviceName: 'mcp-second'
    sharedResources: sharedResources
    principalId: identity.outputs.principalId
    deploymentPrincipalId: deploymentIdentity.outputs.principalId
    scaling: scaling
    settings: union(serverSettings, secondOwnName)
    private: privateNetwork
    addressPrefix: networkPrefix
  }
}

module managedDomain 'app/managed-domain.bicep' = if (withDomain && empty(certificate)) {
  name: 'custom-domain'
  scope: group
  dependsOn: [region]
  params: {
    appName: appName
    location: location
    tags: allTags
    domain: customDomain
  }
}

module ownDomain 'app/own-domain.bicep' = if (withDomain && !empty(certificate)) {
  name: 'custom-domain'
  scope: group
  dependsOn: [region]
  params: {
    appName: appName
    location: location
    tags: allTags
    domain: customDomain
    certificate: certificate
  }
}

module secondOwnDomain 'app/own-domain.bicep' = if (twoRegions) {
  name: 'second-custom-domain'
  scope: secondGroup
  dependsOn: [secondRegion]
  params: {
    appName: secondAppName
    location: twoRegions ? secondLocation : location
    tags: allTags
    domain: customDomain
    certificate: certificate
  }
}

// Deploy this last: Traffic Manager must send clients to a region only when the region has the domain.
module traffic 'traffic/traffic-manager.bicep' = if (twoRegions) {
  name: 'traffic'
  scope: group
  dependsOn: [ownDomain, secondOwnDomain]
  params: {
    name: 'traf-mcp-${token}'
    dnsName: 'mcp-${token}'
    tags: allTags
    workspaceId: workspaceId
    hostNames: [region.outputs.hostName, secondRegion!.outputs.hostName]
  }
}

module groupReader 'identity/group-reader.bicep' = if (azureTools != 'off') {
  name: 'azure-tools'
  scope: group
  dependsOn: [monitoring]
  params: {
    principalId: identity.outputs.principalId
    workspaceName: sharedResources.workspaceName
    readGroup: azureTools == 'resourceGroup'
  }
}

module subscriptionReader 'identity/subscription-reader.bicep' = if (azureTools == 'subscription') {
  name: 'azure-tools-${token}'
  params: {
    principalId: identity.outputs.principalId
  }
}

module alerts 'monitoring/alerts.bicep' = {
  name: 'alerts'
  scope: group
  dependsOn: [data, region, secondRegion]
  params: {
    actionGroupName: 'ag-mcp-${token}'
    location: location
    tags: allTags
    workspaceName: sharedResources.workspaceName
    emails: alertEmails
    accountIds: concat(
      [
        resourceId(subscription().subscriptionId, sharedResources.group, 'Microsoft.Storage/storageAccounts', sharedResources.dataAccountName)
        resourceId(subscription().subscriptionId, sharedResources.group, 'Microsoft.Storage/storageAccounts', 'sthost${token}')
      ],
      twoRegions
        ? [resourceId(subscription().subscriptionId, '${sharedResources.group}-2', 'Microsoft.Storage/storageAccounts', 'sthost${secondToken}')]
        : []
    )
  }
}

module budget 'monitoring/budget.bicep' = if (withBudget) {
  name: 'budget'
  scope: group
  params: {
    amount: max(1, monthlyBudget)
    start: budgetStart
    emails: alertEmails
  }
}

module secondBudget 'monitoring/budget.bicep' = if (twoRegions && withBudget) {
  name: 'second-budget'
  scope: secondGroup
  params: {
    amount: max(1, monthlyBudget)
    start: budgetStart
    emails: alertEmails
  }
}

@description('The first resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('The resource group of the second region, or of the first region if there is no second.')
output AZURE_RESOURCE_GROUP_SECOND string = twoRegions ? '${sharedResources.group}-2' : group.name

@description('Whether there is a second region to deploy to.')
output MCP_SECOND_REGION string = twoRegions ? 'true' : 'false'

@description('The client id of the app\'s managed identity.')
output MCP_IDENTITY_CLIENT_ID string = identity.outputs.clientId

@description('The object id of the app\'s managed identity: the subject of a registration\'s federated credential.')
output MCP_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('The client id of the registration.')
output MCP_REGISTRATION_CLIENT_ID string = registrationId

@description('The URL to which Entra returns the browser in a sign-in: a redirect URI (Web) of the registration.')
output MCP_CALLBACK_URL string = callbackUrls[0]

@description('The container of the team\'s files.')
output MCP_FILES_CONTAINER string = filesContainer

@description('The target of the CNAME record of your own domain.')
output MCP_DOMAIN_CNAME string = twoRegions ? traffic!.outputs.hostName : region.outputs.hostName

@description('The value of the TXT record that proves your domain: asuid.DOMAIN.')
output MCP_DOMAIN_TXT string = region.outputs.domainVerificationId

@description('The URL for clients.')
output MCP_URL string = 'https://${withDomain ? customDomain : region.outputs.hostName}/mcp'
