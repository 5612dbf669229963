using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Warns at the start when a storage account contains the key ring in plain text, or Azurite does and people sign in. There is no warning
/// for storage in memory, and for Azurite without sign-in, which is for development.
/// </summary>
internal sealed partial class UnprotectedKeysWarning(
    KeyEnvelopes envelopes, IOptions<StorageOptions> storage, IServiceProvider services, ILogger<UnprotectedKeysWarning> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!envelopes.IsEnabled && storage.Value.UsesTable
            && (storage.Value.TableEndpoint is not null || SignsPeopleIn))
        {
            LogUnprotected(KeyRows.Table, KeyProtectionOptions.Section + ":" + nameof(KeyProtectionOptions.KeyVaultKey));
        }

        return Task.CompletedTask;
    }

    private bool SignsPeopleIn =>
        "Entra".Equals(
            services.GetService<IConfiguration>()?[RemoteMcpOptions.Section + ":Auth:Mode"], StringComparison.OrdinalIgnoreCase);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        LogLevel.Warning,
        "The table {Table} contains the server's key ring in plain text. Anyone who can read the table can sign access tokens for every "
            + "user. To encrypt the key ring with a key in Azure Key Vault, set {Setting}.")]
    private partial void LogUnprotected(string table, string setting);
}
