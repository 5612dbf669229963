// The deployment of `azd up` if only a name and a region are set.
using '../main.bicep'

param environmentName = 'minimal'
param location = 'northeurope'
