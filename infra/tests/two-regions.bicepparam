// Two regions under the name of Front Door's endpoint, without a domain of one's own.
using '../main.bicep'

param environmentName = 'two-regions'
param location = 'northeurope'
param secondLocation = 'swedencentral'
