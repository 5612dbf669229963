// Tells the owners before the month gets expensive. It stops nothing.

@description('What a month may cost, in the currency of the subscription.')
@minValue(1)
param amount int

@description('The first day of the month in which the budget was first made, as yyyy-MM-dd. Azure never lets it be changed.')
param start string

@description('Who is told, besides the owners of the resource group: e-mail addresses.')
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
