// Notifies the owners before a month gets expensive. It stops nothing.

@description('The monthly budget, in the currency of the subscription.')
@minValue(1)
param amount int

@description('The first day of the month in which the budget was created, as yyyy-MM-dd. Azure does not allow changes.')
param start string

@description('The e-mail addresses to notify, in addition to the owners of the resource group.')
param emails string[]

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'remote-mcp'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: start
    }
    notifications: {
      nearlyReached: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: emails
        contactRoles: ['Owner']
      }
      willBeExceeded: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: emails
        contactRoles: ['Owner']
      }
    }
  }
}
