// The server's app registration. The server signs people in with it, and clients can request tokens for it at Entra. It has no secret: the
// managed identity is its credential.
extension microsoftGraphV1

@description('The unique name by which the next deployment finds the registration again.')
param uniqueName string

@description('The name that users see when they consent.')
param displayName string

@description('The registration\'s identifier URIs.')
param identifierUris string[]

@description('The URLs of the server to which Entra returns the browser. If empty, the server signs nobody in.')
param redirectUris string[]

@description('The managed identity that acts as the registration.')
param identityName string

@description('The client ids of apps that may request Mcp.Use without further consent.')
param preauthorizedClients string[]

@description('The object ids of the groups whose members may sign in. If empty, everyone in the tenant may sign in.')
param userGroups string[]

@description('Whether to consent for the whole tenant to the sign-in, and to read the profile of the signed-in user.')
param consentToProfile bool

@description('The service or asset in the tenant\'s inventory that the registration belongs to. Can be empty.')
param serviceManagementReference string

@description('The object id of the deployer. A pipeline with Application.ReadWrite.OwnedBy may change only registrations that it owns.')
param owner string

var visualStudioCode = 'aebc6443-996d-45c2-90f0-388ff96faa56'
var microsoftGraph = '00000003-0000-0000-c000-000000000000'
// Names and user names are in the tokens of a sign-in only with the scope profile. Only with offline_access can the server check within the
// hour that a person may still sign in.
var graphScopes = {
  openid: '37f7f235-527c-4136-accd-4a02d197296e'
  profile: '14dad69e-099b-42c9-810b-d002981feec1'
  offline_access: '7427e0e9-2fba-42fe-b0c0-848c9e6a8182'
  'User.Read': 'e1fe6dd8-ba31-4d61-89e7-88639da4683d'
}
var use = guid(uniqueName, 'Mcp.Use')
var user = guid(uniqueName, 'Mcp.User')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource registration 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  signInAudience: 'AzureADMyOrg'
  serviceManagementReference: empty(serviceManagementReference) ? null : serviceManagementReference
  // Other owners stay.
  owners: {
    relationshipSemantics: 'append'
    relationships: [owner]
  }
  identifierUris: identifierUris
  // The platform Web: the server redeems the code with its credential.
  web: {
    redirectUris: redirectUris
  }
  api: {
    // The server refuses tokens of version 1.
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [
      {
        id: use
        value: 'Mcp.Use'
        type: 'User'
        isEnabled: true
        adminConsentDisplayName: 'Use the team\'s tools'
        adminConsentDescription: 'Call the tools of the MCP server as the signed-in user.'
        userConsentDisplayName: 'Use the team\'s tools'
        userConsentDescription: 'Call the tools of the MCP server as you.'
      }
      {
        id: guid(uniqueName, 'Files.Write')
        value: 'Files.Write'
        type: 'Admin'
        isEnabled: true
        adminConsentDisplayName: 'Change the team\'s files'
        adminConsentDescription: 'Write and delete shared files as the signed-in user.'
      }
      {
        id: guid(uniqueName, 'Azure.Read')
        value: 'Azure.Read'
        type: 'Admin'
        isEnabled: true
        adminConsentDisplayName: 'Read Azure resources, logs, and metrics'
        adminConsentDescription: 'Query Azure through the tools of the MCP server.'
      }
    ]
    preAuthorizedApplications: [
      for client in union([visualStudioCode], preauthorizedClients): {
        appId: client
        delegatedPermissionIds: [use]
      }
    ]
  }
  appRoles: [
    {
      id: guid(uniqueName, 'Mcp.Invoke')
      value: 'Mcp.Invoke'
      allowedMemberTypes: ['Application']
      isEnabled: true
      displayName: 'Call the tools as an app'
      description: 'Call the tools of the MCP server without a user.'
    }
    {
      id: guid(uniqueName, 'Files.Write.All')
      value: 'Files.Write.All'
      allowedMemberTypes: ['Application']
      isEnabled: true
      displayName: 'Change the team\'s files as an app'
      description: 'Write and delete shared files without a user.'
    }
    {
      id: guid(uniqueName, 'Azure.Read.All')
      value: 'Azure.Read.All'
      allowedMemberTypes: ['Application']
      isEnabled: true
      displayName: 'Read Azure resources, logs, and metrics as an app'
      description: 'Query Azure through the tools of the MCP server without a user.'
    }
    {
      id: guid(uniqueName, 'Mcp.Admin')
      value: 'Mcp.Admin'
      allowedMemberTypes: ['Application', 'User']
      isEnabled: true
      displayName: 'Use the tools for administrators'
      description: 'Call the tools that the server\'s settings reserve for this role (RemoteMcp:Auth:Tools). See and revoke the connections of all users.'
    }
    {
      id: user
      value: 'Mcp.User'
      allowedMemberTypes: ['User']
      isEnabled: true
      displayName: 'Use the tools'
      description: 'Sign in to the MCP server if it requires assignment.'
    }
  ]
  requiredResourceAccess: [
    {
      resourceAppId: microsoftGraph
      resourceAccess: [
        for scope in items(graphScopes): {
          id: scope.value
          type: 'Scope'
        }
      ]
    }
  ]
}

resource credential 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0' = {
  name: '${registration.uniqueName}/managed-identity'
  description: 'The managed identity of the MCP server.'
  issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
  subject: identity.properties.principalId
  audiences: ['api://AzureADTokenExchange']
}

resource servicePrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: registration.appId
  appRoleAssignmentRequired: !empty(userGroups)
  owners: {
    relationshipSemantics: 'append'
    relationships: [owner]
  }
}

resource assignments 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for group in userGroups: {
    principalId: group
    resourceId: servicePrincipal.id
    appRoleId: user
  }
]

resource graph 'Microsoft.Graph/servicePrincipals@v1.0' existing = if (consentToProfile) {
  appId: microsoftGraph
}

resource consent 'Microsoft.Graph/oauth2PermissionGrants@v1.0' = if (consentToProfile) {
  clientId: servicePrincipal.id
  consentType: 'AllPrincipals'
  resourceId: graph!.id
  scope: join(objectKeys(graphScopes), ' ')
}

// In a sign-in, the registration is both the client and the resource.
resource consentToSignIn 'Microsoft.Graph/oauth2PermissionGrants@v1.0' = if (consentToProfile && !empty(redirectUris)) {
  clientId: servicePrincipal.id
  consentType: 'AllPrincipals'
  resourceId: servicePrincipal.id
  scope: 'Mcp.Use'
}

@description('The client id of the registration.')
output clientId string = registration.appId
