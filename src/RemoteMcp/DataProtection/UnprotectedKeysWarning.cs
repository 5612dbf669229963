using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Warns at the start when a storage account contains the key ring in plain text. There is no warning for storage in memory and for
/// Azurite, which are for development.
/// </summary>
internal sealed partial class UnprotectedKeysWarning(
    KeyEnvelopes envelopes, IOptions<StorageOptions> storage, ILogger<UnprotectedKeysWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!envelopes.IsEnabled && storage.Value is { UsesTable: true, TableEndpoint: not null })
        {
            LogUnprotected(KeyRows.Table, KeyProtectionOptions.Section + ":" + nameof(KeyProtectionOptions.KeyVaultKey));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        LogLevel.Warning,
        "The table {Table} contains the server's key ring in plain text. Anyone who can read the table can sign access tokens for every "
            + "user. To encrypt the key ring with a key in Azure Key Vault, set {Setting}.")]
    private partial void LogUnprotected(string table, string setting);
}
