// What `azd up` gives who says nothing but a name and a region.
using '../main.bicep'

param environmentName = 'minimal'
param location = 'northeurope'
