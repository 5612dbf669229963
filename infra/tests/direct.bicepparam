// Clients sign in at Entra ID, and only some of them may call.
using '../main.bicep'

param environmentName = 'direct'
param location = 'northeurope'
param signIn = 'Direct'
param allowedClients = ['11111111-1111-1111-1111-111111111111']
param consentToProfile = true
